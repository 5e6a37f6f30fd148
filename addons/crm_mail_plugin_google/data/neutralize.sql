-- Google accounts that are connected to production, and the two values by which Google is known;
-- their tokens are taken by crm_mail_plugin, and with them the connected mailboxes
DELETE FROM mail_plugin_google_request;
DELETE FROM mail_plugin_google_trace;
DELETE FROM mail_plugin_connection WHERE google_sub IS NOT NULL;
DELETE FROM ir_config_parameter WHERE key LIKE 'crm_mail_plugin_google.%';
