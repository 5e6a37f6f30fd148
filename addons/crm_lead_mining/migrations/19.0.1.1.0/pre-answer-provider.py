def migrate(cr, _version):
    """Stored answers tell by which provider: before, a request had exactly one."""
    cr.execute("ALTER TABLE lead_mining_answer ADD COLUMN IF NOT EXISTS provider_id integer")
    cr.execute(
        """
        UPDATE lead_mining_answer AS answer
           SET provider_id = request.provider_id
          FROM lead_mining_request AS request
         WHERE request.id = answer.request_id AND answer.provider_id IS NULL
        """
    )
