-- mailboxes that are connected to production, and sign-in codes that it gave out
DELETE FROM mail_plugin_connection;
DELETE FROM res_users_apikeys
 WHERE scope = 'odoo.plugin.outlook';
DELETE FROM mail_plugin_code;
