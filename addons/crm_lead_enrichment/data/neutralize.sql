-- scheduled actions; lanes beyond the first have no external id
UPDATE ir_cron
   SET active = false
 WHERE ir_actions_server_id IN (
       SELECT ir_act_server.id
         FROM ir_act_server
         JOIN ir_model ON ir_model.id = ir_act_server.model_id
        WHERE ir_model.model = 'lead.enrichment.worker'
);

-- what production has begun goes on there
UPDATE lead_enrichment
   SET state = 'failed'
 WHERE state IN ('queued', 'running', 'waiting_credits');
UPDATE lead_enrichment
   SET hold_token = NULL,
       lease_token = NULL,
       lease_expires_at = NULL
 WHERE hold_token IS NOT NULL
    OR lease_token IS NOT NULL;
