-- clients are production's: a copy knows none of them, lets nobody in by itself and asks nobody
UPDATE iap_server_token
   SET key = md5(gen_random_uuid()::text);

UPDATE iap_server_provider
   SET key_hash = NULL;

UPDATE iap_server_client
   SET open_until = '2000-01-01';

DELETE FROM ir_config_parameter
 WHERE key IN ('crm_iap_server.registration', 'crm_iap_server.other_services');
