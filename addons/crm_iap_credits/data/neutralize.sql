-- production's tokens open nothing here, nor production from here; the suffix, which is stock's,
-- keeps the accounts disabled
UPDATE iap_account
   SET account_token = replace(gen_random_uuid()::text, '-', '') || '+disabled',
       token_hash = NULL
  FROM iap_service
 WHERE iap_service.id = iap_account.service_id
   AND iap_service.kept_by = 'local';

UPDATE iap_credit_hold
   SET token = replace(gen_random_uuid()::text, '-', '');

-- whoever waited for credits waits for those of the original
DELETE FROM iap_credit_wish;

-- nobody is told of low balances, nothing expires
UPDATE ir_cron
   SET active = false
 WHERE id IN (
       SELECT res_id
         FROM ir_model_data
        WHERE model = 'ir.cron'
          AND module = 'crm_iap_credits'
);
