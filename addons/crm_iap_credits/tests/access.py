"""Who may do what here: see `crm_common/tests/test_access.py`."""

MODELS = """
model                   staff miner enrich seller head officer billing sender admin
iap.credit.allocation   -     -     -      -      r    -       r       -      r
iap.credit.balance      r     r     r      r      r    r       r       r      r
iap.credit.budget       -     -     -      -      r    -       rwcu    -      rwcu
iap.credit.budget.alert -     -     -      -      -    -       r       -      r
iap.credit.consumption  r     r     r      r      r    r       r       r      r
iap.credit.entry        r     r     r      r      r    r       r       r      r
iap.credit.hold         r     r     r      r      r    r       r       r      r
iap.credit.lot          -     -     -      -      r    -       r       -      r
iap.credit.move         -     -     -      -      -    -       -       -      rwcu
iap.credit.order        -     -     -      -      -    -       r       -      r
iap.credit.pack         r     r     r      r      r    r       rwcu    r      rwcu
iap.credit.proof        -     -     -      -      -    -       rwc     -      rwc
iap.credit.refund       -     -     -      -      -    -       rwc     -      rwc
iap.credit.spending     -     -     -      -      -    -       r       -      r
iap.credit.statement    -     -     -      -      -    -       rwc     -      rwc
iap.credit.transfer     -     -     -      -      -    -       rwc     -      rwc
iap.credit.trial        -     -     -      -      -    -       r       -      r
iap.credit.wish         -     -     -      -      -    -       -       -      r
"""

MENUS = """
menu                             staff miner enrich seller head officer billing sender admin
iap_credit_account_menu          -     -     -      -      -    -       x       -      x
iap_credit_budget_menu           -     -     -      -      -    -       -       -      x
iap_credit_budget_menu_crm       -     -     -      -      x    -       x       -      x
iap_credit_consumption_menu      -     -     -      -      -    -       -       -      x
iap_credit_consumption_menu_crm  -     -     -      x      x    -       -       -      -
iap_credit_entry_menu            -     -     -      -      -    -       -       -      x
iap_credit_hold_menu             -     -     -      -      -    -       -       -      x
iap_credit_lot_menu              -     -     -      -      -    -       -       -      x
iap_credit_menu                  -     -     -      -      x    -       x       -      x
iap_credit_order_menu            -     -     -      -      -    -       x       -      x
iap_credit_pack_menu             -     -     -      -      -    -       x       -      x
iap_service_menu                 -     -     -      -      -    -       -       -      x
"""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {
    "iap.account": "statement_partner_ids",
    "iap.credit.budget": (
        "active company_id hard_limit period scope service_id soft_limit team_id user_id"
    ),
    "iap.credit.entry": "allocation_ids",
    "iap.credit.hold": "entry_ids",
    "iap.credit.lot": "allocation_ids",
    "iap.credit.move": "credits expires_at idempotency_key kind reason",
    "iap.credit.pack": (
        "active company_id credits currency_id description name price sequence service_id"
    ),
    "iap.credit.refund": "amount",
    "iap.credit.statement": "date_from date_to",
    "iap.credit.transfer": "company_id credits idempotency_key reason",
    "iap.service": "kept_by",
    "res.config.settings": "iap_trial_credits",
}

#: Fields that must be given.
NEEDED = {
    "iap.credit.allocation": "credits entry_id lot_id",
    "iap.credit.balance": "account_id available company_id service_id",
    "iap.credit.budget": "company_id hard_limit period scope service_id soft_limit",
    "iap.credit.budget.alert": "budget_id share spending_id",
    "iap.credit.entry": (
        "account_id amount available_delta company_id date held_delta kind reason user_id"
    ),
    "iap.credit.hold": (
        "account_id captured company_id credits date expires_at reason state token user_id"
    ),
    "iap.credit.lot": "account_id company_id credits entry_id remaining source",
    "iap.credit.move": "account_id credits idempotency_key kind reason",
    "iap.credit.order": (
        "account_id company_id credits currency_id name pack_name partner_id price state"
    ),
    "iap.credit.pack": "credits currency_id name price service_id",
    "iap.credit.proof": "account_id",
    "iap.credit.refund": "amount order_id",
    "iap.credit.spending": "account_id credits party_id scope since until zone",
    "iap.credit.statement": "account_id date_from date_to",
    "iap.credit.transfer": "account_id company_id credits idempotency_key reason",
    "iap.credit.trial": "company_id credits date service_id",
    "iap.credit.wish": (
        "account_id credits deadline idempotency_key reason request_hash seconds token user_id"
    ),
    "iap.service": "kept_by",
}

#: Fields that a copy does not take along.
LEFT = {
    "iap.account": ("credit_holder low_balance_since statement_partner_ids statement_sent_for"),
    "iap.credit.hold": "state",
    "iap.credit.order": "name state",
    "payment.transaction": "credit_order_id is_credit_settled",
}

#: Methods that clients may call.
CALLS = {
    "iap.account": (
        "action_rotate_token action_view_credit_orders action_view_entries action_view_holds"
    ),
    "iap.credit.document": "action_open_document",
    "iap.credit.move": "action_confirm",
    "iap.credit.order": (
        "action_cancel action_confirm_payment action_fail_refund action_open_refund "
        "action_refund action_view_entries action_view_page"
    ),
    "iap.credit.refund": "action_confirm",
    "iap.credit.statement": "action_export action_print",
    "iap.credit.transfer": "action_confirm",
}

#: Addresses that clients reach, and in which ways.
ROUTES = {
    "/iap/1/credit": "GET:public:website:unlisted",
    "/iap/credits/<int:account_id>": "GET:public:website:unlisted",
    "/iap/credits/<int:account_id>/order": "POST:public:website:unlisted",
    "/iap/credits/order/<int:order_id>": "GET:public:website:unlisted",
    "/iap/credits/order/<int:order_id>/transaction": "any:public",
}

#: Fields whose changes are told.
TRACKED = {
    "iap.credit.budget": "active hard_limit period scope soft_limit team_id user_id",
    "iap.credit.order": "state",
}

#: Fields that each user reads in an own language.
TRANSLATED = {"iap.credit.pack": "description name"}

#: Fields by which rows are found at once, however many there are.
QUICK = {
    "iap.account": "token_hash",
    "iap.credit.budget.alert": "budget_id spending_id",
    "iap.credit.entry": "hold_id undoes_id",
    "iap.credit.lot": "account_id entry_id",
    "iap.credit.order": "account_id company_id pack_id state",
    "iap.credit.pack": "company_id service_id",
    "payment.transaction": "credit_order_id",
}

#: Computed fields by which lists are found, sorted and grouped.
STORED = {
    "iap.account": "token_hash",
    "iap.credit.order": "received_amount",
    "iap.credit.refund": "amount",
}

#: Computed fields that stay as they are while a record is open.
FIXED = {
    "iap.account": (
        "credit_entry_count credit_hold_count credit_order_count credits_available "
        "credits_expire_at credits_expiring credits_held"
    ),
    "iap.credit.entry": "balance_after",
}

#: Fields that are computed for everybody from what only some may read.
TOLD_ALL = {
    "iap.account": (
        "credits_available credits_expire_at credits_expiring credits_held is_kept_locally"
    ),
    "iap.credit.budget": "spent",
    "iap.credit.order": "can_confirm can_refund has_open_refund payment_summary",
    "iap.credit.refund": "by_provider document most spent taken",
}

#: Fields that take nothing of another company.
SAME_COMPANY = {
    "iap.credit.budget": "team_id user_id",
}

#: What a new record starts with.
STARTS = {
    "iap.credit.budget": "active=True hard_limit=0 period=month scope=company soft_limit=0",
    "iap.credit.move": "kind=grant",
    "iap.credit.order": "state=draft",
    "iap.credit.pack": "active=True sequence=10",
    "iap.service": "kept_by=remote",
}

#: Methods that run every day, so that nothing is kept for ever.
TIDIED = {
    "iap.credit.order": "_cancel_forgotten",
    "iap.credit.spending": "_drop_past",
    "iap.credit.wish": "_drop_past",
}

#: What is in force before anybody sets it, and the bounds of numbers.
SETTINGS = {
    "crm_iap_credits": ("trial_credits=100[0..1000000000]"),
}
