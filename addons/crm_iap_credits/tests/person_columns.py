"""Stored texts in which nobody looks for persons, see `crm_common`'s test_person_columns."""

EXCEPTED = {
    "what is for sale, and the paths of orders": {
        "iap.credit.pack": "name description",
        "iap.credit.order": "name return_path pack_name",
    },
    "keys and hashes of the ledger": {
        "iap.account": "account_token credit_holder token_hash",
        "iap.credit.balance": "holder",
        "iap.credit.entry": "document_model idempotency_key request_hash",
        "iap.credit.hold": "document_model token",
        "iap.credit.spending": "zone",
        "iap.credit.wish": "document_model idempotency_key request_hash token",
    },
    "what a hold will say, for the seconds in which its process waits": {
        "iap.credit.wish": "document_name reason",
    },
}
