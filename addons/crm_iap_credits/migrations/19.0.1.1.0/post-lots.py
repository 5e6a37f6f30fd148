from odoo.tools import SQL


def migrate(cr, version):
    """Put all credits of each account that existed before lots into one lot without end.

    Nothing was sold by then, so it counts as granted. Every entry gets its allocation, as if the
    lot had been there from the first: open holds can be released and old captures refunded.
    """
    cr.execute(
        SQL(
            """
            INSERT INTO iap_credit_lot (
                        account_id, company_id, entry_id, source, credits, remaining)
                 SELECT balance.account_id, balance.company_id, history.first_id, 'granted',
                        history.given, balance.available
                   FROM iap_credit_balance AS balance
                   JOIN (SELECT account_id, MIN(id) AS first_id,
                                SUM(amount) FILTER (
                                    WHERE kind IN ('grant', 'purchase', 'adjustment')
                                      AND amount > 0) AS given
                           FROM iap_credit_entry GROUP BY account_id) AS history
                     ON history.account_id = balance.account_id
                  WHERE NOT EXISTS (
                            SELECT FROM iap_credit_lot WHERE account_id = balance.account_id)
            """
        )
    )
    cr.execute(
        SQL(
            """
            INSERT INTO iap_credit_allocation (entry_id, lot_id, credits)
                 SELECT entry.id, lot.id, entry.available_delta
                   FROM iap_credit_entry AS entry
                   JOIN iap_credit_lot AS lot ON lot.account_id = entry.account_id
                  WHERE entry.available_delta <> 0
                    AND NOT EXISTS (
                            SELECT FROM iap_credit_allocation WHERE entry_id = entry.id)
               ORDER BY entry.id
            """
        )
    )
