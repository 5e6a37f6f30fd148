-- clients are production's: a copy knows none of them, and lets nobody in by itself
UPDATE iap_server_token
   SET key = md5(gen_random_uuid()::text);

UPDATE iap_server_client
   SET open_until = '2000-01-01';

DELETE FROM ir_config_parameter
 WHERE key = 'crm_iap_server.registration';
