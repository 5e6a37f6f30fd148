-- mailboxes that are connected to production, and sign-in codes that it gave out
DELETE FROM res_users_apikeys
 WHERE scope = 'odoo.plugin.outlook';
-- where stock's addon of this name was not updated for this one, its tables are missing
DO $$
BEGIN
    IF to_regclass('mail_plugin_connection') IS NOT NULL THEN
        DELETE FROM mail_plugin_connection;
        DELETE FROM mail_plugin_code;
    END IF;
END $$;
