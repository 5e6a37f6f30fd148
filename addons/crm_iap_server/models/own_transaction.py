"""What is committed whatever becomes of the caller's transaction."""


def in_own_transaction(model, operation):
    """Run a function of a model in sudo, on the ledger's own cursor.

    :param model: an empty recordset
    :param operation: function of the same model in that transaction
    :return: what it returns, once that is committed
    """

    def run(cr):
        env = model.env(cr=cr, su=True)
        result = operation(env[model._name])
        env.flush_all()
        return result

    return model.env["iap.credit.ledger"]._run(model.env["iap.account"].browse(), run)
