"""Who may do what here: see `crm_common/tests/test_access.py`."""

#: Fields that users fill in, by model; all others are kept by the program.
FILLED = {"res.config.settings": "mail_plugin_outlook_hosts"}

#: What is in force before anybody sets it.
SETTINGS = {"crm_mail_plugin_outlook": "hosts="}

#: Methods that clients may call.
CALLS = {"mail.plugin.guide": "action_download_outlook_manifest"}

#: Addresses that clients reach, and in which ways.
ROUTES = {
    "/mail_plugin/outlook/contact": "any:outlook",
    "/mail_plugin/outlook/email": "any:outlook",
    "/mail_plugin/outlook/files/<string:version>/<string:name>": "GET:public:sessionless",
    "/mail_plugin/outlook/manifest.xml": "GET:public:sessionless",
    "/mail_plugin/outlook/pane": "GET:public:sessionless",
    "/mail_plugin/outlook/session": "any:outlook",
    "/mail_plugin/outlook/sign_in": "GET:public:sessionless",
    "/mail_plugin/outlook/signed_in": "GET:public:sessionless",
    "/mail_plugin/outlook/texts": "GET:public:sessionless",
}
