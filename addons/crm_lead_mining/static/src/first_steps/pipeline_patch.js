import { crmKanbanView } from "@crm/views/crm_kanban/crm_kanban_view";
import { FirstSteps } from "./first_steps";

const { Controller } = crmKanbanView;
Controller.template = "crm_lead_mining.PipelineView";
Controller.components = { ...Controller.components, FirstSteps };
