"""The description of the add-on that an administrator pastes into Google's console.

Source: Google Workspace add-ons API, resource ``projects.deployments``.
"""

import json

from . import events

ROUTE = "/gmail_addon"
COMPOSE_ROUTE = "/gmail_addon/compose"
LOGO = "/crm_mail_plugin_google/static/description/icon.png"


def document(base_url: str, name: str, *, compose: str) -> str:
    """Return the deployment of a database, JSON.

    :param base_url: of the database, without a slash at its end
    :param name: of the add-on, as users see it
    :param compose: what inserting a template is called
    """
    return json.dumps(
        {
            "oauthScopes": list(events.SCOPES),
            "addOns": {
                "common": {
                    "name": name,
                    "logoUrl": base_url + LOGO,
                    "useLocaleFromApp": True,
                    "layoutProperties": {"primaryColor": "#714B67", "secondaryColor": "#017E84"},
                    "homepageTrigger": {"runFunction": base_url + ROUTE},
                    "openLinkUrlPrefixes": [base_url + "/"],
                },
                "gmail": {
                    "contextualTriggers": [
                        {"unconditional": {}, "onTriggerFunction": base_url + ROUTE}
                    ],
                    "composeTrigger": {
                        "actions": [{"label": compose, "runFunction": base_url + COMPOSE_ROUTE}],
                        "draftAccess": "METADATA",
                    },
                },
                "httpOptions": {
                    "authorizationHeader": "SYSTEM_ID_TOKEN",
                    "granularOauthPermissionSupport": "OPT_IN",
                },
            },
        },
        indent=2,
        ensure_ascii=False,
    )
