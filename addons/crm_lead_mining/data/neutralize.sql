-- keys of providers, and the addresses that they may be a part of
UPDATE lead_mining_provider
   SET api_key = NULL,
       base_url = NULL;

-- scheduled actions; lanes beyond the first have no external id
UPDATE ir_cron
   SET active = false
 WHERE id IN (
       SELECT res_id
         FROM ir_model_data
        WHERE model = 'ir.cron'
          AND module = 'crm_lead_mining'
)
    OR ir_actions_server_id IN (
       SELECT ir_act_server.id
         FROM ir_act_server
         JOIN ir_model ON ir_model.id = ir_act_server.model_id
        WHERE ir_model.model = 'lead.mining.worker'
);

-- what production has begun goes on there
UPDATE lead_mining_run
   SET state = 'cancelled'
 WHERE state IN ('queued', 'running', 'waiting_credits');
UPDATE lead_mining_run
   SET hold_token = NULL,
       hold_credits = 0,
       lease_token = NULL,
       lease_expires_at = NULL
 WHERE hold_token IS NOT NULL
    OR lease_token IS NOT NULL;
