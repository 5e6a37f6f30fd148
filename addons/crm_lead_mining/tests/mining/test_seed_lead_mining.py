"""Each sentence of the document "Estrarre lead" (Odoo 17, Italian), shown through the interface.

Sentences that say one thing together are one test; its docstring quotes them.
"""

from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.crm_iap_credits.tools.settings import Settings

from ..common import LeadMiningCase, SyntheticProvider, synthetic_company

DIALOG = "crm_lead_mining.lead_mining_request_view_dialog"
FORM = "crm_lead_mining.lead_mining_request_view_form"
PIPELINE = "crm.crm_case_kanban_view_leads"


@tagged("post_install", "-at_install")
class TestSeedLeadMining(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, "administrator", "base.group_system,sales_team.group_sale_manager"
        )
        cls.env.company.country_id = cls.belgium

    # === WHAT A USER DOES === #

    def settings(self):
        return Form(self.env["res.config.settings"].with_user(self.administrator))

    def switch(self, **values):
        """Choose settings and press Save."""
        with self.settings() as settings:
            for name, value in values.items():
                setattr(settings, name, value)
        settings.record.execute()

    def arch(self, view, model="crm.lead", user=None):
        record = self.env[model].with_user(user or self.salesperson)
        return etree.fromstring(record.get_view(self.env.ref(view).id)["arch"])

    def button(self, view):
        """Return the buttons "Generate Leads" of a view, as the salesperson gets it."""
        return self.arch(view).xpath("//header/button[@name='action_open_lead_mining']")

    def dialog(self):
        """Press "Generate Leads" in the pipeline."""
        action = self.env["crm.lead"].with_user(self.salesperson).action_open_lead_mining()
        self.assertEqual(action["target"], "new")
        request = self.env[action["res_model"]].with_user(self.salesperson)
        return Form(request.with_context(**action["context"]), view=action["views"][0][0])

    def generate(self, form):
        """Press "Generate Leads" in the dialog and wait for the worker."""
        request = form.save()
        request.action_generate()
        self.run_lane()
        self.assertIn(request.state, ("done", "partial"), request.message)
        return request

    def fields_of(self, view):
        return {node.get("name") for node in self.arch(view, "lead.mining.request").iter("field")}

    def menus(self, user=None):
        loaded = self.env["ir.ui.menu"].with_user(user or self.administrator).load_menus(False)
        return {menu.get("xmlid"): menu for menu in loaded.values()}

    # === THE DOCUMENT === #

    def test_users_of_the_crm_generate_leads_in_their_database(self):
        """La funzione Estrazione lead consente agli utenti del CRM di generare nuovi lead
        direttamente nel proprio database Odoo."""
        request = self.generate(self.dialog())
        leads = self.env["crm.lead"].with_user(self.salesperson).search(
            [("mining_request_id", "=", request.id)]
        )  # fmt: skip
        self.assertEqual(len(leads), 3)
        self.assertEqual(leads.create_uid, self.salesperson)

    def test_criteria_decide_what_is_extracted(self):
        """Per garantire la qualifica dei lead, l'output dell'estrazione di lead viene determinato
        da una serie di criteri di filtraggio, come il Paese, le dimensioni dell'azienda e il
        settore."""
        form = self.dialog()
        form.industry_ids.add(self.env.ref("crm_lead_mining.industry_J"))
        form.filter_on_size = True
        form.size_min, form.size_max = 10, 99
        self.generate(form)
        query = SyntheticProvider.asked[0][0]
        self.assertEqual((query.countries, query.industries), (("BE",), ("J",)))
        self.assertEqual((query.size_min, query.size_max), (10, 99))

    def test_setting_switches_lead_mining_on_and_off(self):
        """Per iniziare, accedi all'app CRM ‣ Configurazione ‣ Impostazioni e seleziona la casella
        di controllo Estrazione lead per attivare la funzione. In seguito, fai clic su Salva."""
        self.switch(lead_mining=False)
        with self.assertRaisesRegex(UserError, "switched off"):
            self.dialog()
        self.assertFalse(self.button(PIPELINE))
        self.switch(lead_mining=True)
        self.assertTrue(self.settings().lead_mining)
        self.assertTrue(self.dialog())

    def test_button_is_at_the_top_left_of_the_pipeline(self):
        """Dopo aver attivato l'impostazione Estrazione lead, nell'angolo in alto a sinistra della
        Pipeline del CRM è disponibile un nuovo pulsante chiamato Genera lead (CRM ‣ Vendite ‣ La
        mia pipeline)."""
        for view in (PIPELINE, "crm.crm_case_tree_view_oppor"):
            (button,) = self.button(view)
            self.assertEqual((button.get("string"), button.get("display")),
                             ("Generate Leads", "always"))  # fmt: skip
        pipeline = self.env["crm.team"].with_user(self.salesperson).action_your_pipeline()
        self.assertIn((self.env.ref(PIPELINE).id, "kanban"), pipeline["views"])
        self.switch(lead_mining=False)
        self.assertFalse(self.button(PIPELINE))

    def test_requests_have_a_menu_and_the_leads_have_the_button(self):
        """Le richieste di estrazione di lead sono disponibili anche seguendo il percorso app CRM ‣
        Configurazione ‣ Richieste estrazione lead, oppure tramite app CRM ‣ Lead ‣ Lead, dove è
        disponibile anche il pulsante Genera lead."""
        menus = self.menus()
        menu = menus["crm_lead_mining.menu_lead_mining_request"]
        self.assertEqual(menu["name"], "Lead Mining Requests")
        self.assertIn(menu["id"], menus["crm.crm_menu_config"]["children"])
        self.assertIn(menus["crm.crm_menu_config"]["id"], menus["crm.crm_menu_root"]["children"])
        for view in ("crm.view_crm_lead_kanban", "crm.crm_case_tree_view_leads"):
            self.assertEqual(len(self.button(view)), 1, view)
        self.switch(lead_mining=False)
        self.assertNotIn("crm_lead_mining.menu_lead_mining_request", self.menus(self.salesperson))

    def test_button_opens_a_dialog_with_criteria(self):
        """Facendo clic sul pulsante Genera lead, si apre una finestra pop-up che offre una serie
        di criteri per la generazione dei lead."""
        self.assertTrue(self.dialog())
        self.assertLessEqual(
            {
                "target", "lead_number", "country_ids", "state_ids", "industry_ids",
                "filter_on_size", "team_id", "user_id", "tag_ids",
            },
            self.fields_of(DIALOG),
        )  # fmt: skip

    def test_companies_alone_or_with_their_contacts(self):
        """Scegli di generare lead per Aziende per ottenere solo informazioni sull'azienda, oppure
        scegli Companies and their Contacts per ottenere informazioni sull'azienda e sui contatti
        dei singoli dipendenti."""
        alone = self.dialog()
        alone.target = "companies"
        alone.lead_number = 1
        lead = self.generate(alone).lead_ids
        self.assertEqual((lead.partner_name, lead.contact_name), ("Synthetic 1", False))
        self.assertFalse(lead.mining_contact_ids)
        people = self.dialog()
        people.target = "contacts"
        people.contact_number = 2
        people.lead_number = 1
        lead = self.generate(people).lead_ids
        self.assertEqual(
            (lead.partner_name, lead.contact_name), ("Synthetic 2", "Synthetic Person")
        )
        self.assertEqual(lead.mining_contact_ids.mapped("job_title"), ["Director", "Engineer"])

    def test_contacts_are_filtered_by_role_or_seniority(self):
        """Quando scegli Companies and their Contacts, sono disponibili opzioni aggiuntive per
        filtrare i contatti in base al Ruolo o all'Anzianità."""
        arch = self.arch(DIALOG, "lead.mining.request")
        (group,) = arch.xpath("//group[@name='contacts']")
        self.assertEqual(group.get("invisible"), "target == 'companies'")
        form = self.dialog()
        form.target = "contacts"
        form.contact_filter = "role"
        form.preferred_role_id = self.env.ref("crm_lead_mining.role_ceo")
        form.role_ids.add(self.env.ref("crm_lead_mining.role_engineering"))
        self.generate(form)
        query = SyntheticProvider.asked[-1][0]
        self.assertEqual((query.preferred_role, query.other_roles), ("ceo", ("engineering",)))
        self.provide(10)
        form = self.dialog()
        form.target = "contacts"
        form.contact_filter = "seniority"
        form.seniority = "director"
        self.generate(form)
        query = SyntheticProvider.asked[-1][0]
        self.assertEqual((query.contact_filter, query.seniority), ("seniority", "director"))

    def test_countries(self):
        """Le opzioni di filtraggio aggiuntive includono le seguenti: Paesi: filtra i contatti in
        base al Paese (o ai Paesi) in cui si trovano."""
        form = self.dialog()
        self.assertEqual(form.country_ids[:], self.belgium)
        form.country_ids.add(self.env.ref("base.it"))
        self.provide(
            synthetic_company(1, country_code="FR"),
            synthetic_company(2, country_code="IT"),
            synthetic_company(3, country_code="BE"),
        )
        request = self.generate(form)
        self.assertEqual(request.lead_ids.country_id, self.belgium | self.env.ref("base.it"))
        self.assertEqual(request.invalid_count, 1)

    def test_states(self):
        """Stati: filtra ulteriormente i contatti in base allo Stato in cui si trovano, se
        applicabile."""
        form = self.dialog()
        form.country_ids.add(self.env.ref("base.us"))
        form.state_ids.add(self.env.ref("base.state_us_5"))
        self.generate(form)
        query = SyntheticProvider.asked[0][0]
        # Belgium stays whole: the state narrows its own country only.
        self.assertEqual((query.countries, query.states), (("BE", "US"), (("US", "CA"),)))

    def test_industries(self):
        """Settori: filtra i contatti in base al settore specifico in cui lavorano."""
        form = self.dialog()
        form.industry_ids.add(self.env.ref("crm_lead_mining.industry_62"))
        request = self.generate(form)
        self.assertEqual(SyntheticProvider.asked[0][0].industries, ("62",))
        self.assertEqual(
            request.lead_ids.company_industry_id, self.env.ref("crm_lead_mining.industry_62")
        )

    def test_size(self):
        """Filtro dimensione: seleziona questa casella di controllo per specificare il numero di
        dipendenti dell'azienda. Questo genera un campo denominato Dimensione. Compila gli spazi
        vuoti per creare un intervallo per le dimensioni dell'azienda desiderata."""
        arch = self.arch(DIALOG, "lead.mining.request")
        (label,) = arch.xpath("//label[@for='size_min']")
        self.assertEqual(label.get("invisible"), "not filter_on_size")
        self.assertEqual(self.env["lead.mining.request"]._fields["size_min"].string, "Size")
        form = self.dialog()
        form.filter_on_size = True
        form.size_min, form.size_max = 20, 60
        self.generate(form)
        query = SyntheticProvider.asked[0][0]
        self.assertEqual((query.size_min, query.size_max), (20, 60))

    def test_sales_team_salesperson_and_default_tags(self):
        """Team vendite: scegli a quale team di vendita assegnare i lead. Addetto vendite: scegli a
        quale membro del team vendite assegnare i lead. Tag predefiniti: scegli quali tag applicare
        direttamente ai lead una volta trovati."""
        team = self.env["crm.team"].create(
            {"name": "North", "member_ids": [Command.link(self.salesperson.id)]}
        )
        tag = self.env["crm.tag"].create({"name": "Autumn"})
        form = self.dialog()
        form.user_id = self.salesperson
        form.team_id = team
        form.tag_ids.add(tag)
        leads = self.generate(form).lead_ids
        self.assertEqual((leads.team_id, leads.user_id), (team, self.salesperson))
        self.assertEqual(leads.mapped("tag_ids"), tag)

    def test_duties_of_data_protection_are_told_where_contacts_are_asked_for(self):
        """Assicurati di essere al corrente delle ultime normative UE quando ricevi informazioni di
        contatto. Ulteriori informazioni sul Regolamento generale sulla protezione dei dati sono
        disponibili su Odoo GDPR."""
        for view in (DIALOG, FORM):
            (hint,) = self.arch(view, "lead.mining.request").xpath(
                "//group[@name='contacts']//*[@name='gdpr']"
            )
            self.assertIn("GDPR", "".join(hint.itertext()))

    def test_leads_are_assigned_and_open_from_the_list(self):
        """Una volta generati, i lead vengono assegnati all'addetto vendite e al team designato.
        Per visualizzare ulteriori informazioni sul lead, selezionane uno dall'elenco e fai clic
        per aprirlo."""
        request = self.generate(self.dialog())
        action = request.action_view_leads()
        leads = self.env["crm.lead"].with_user(self.salesperson).search(action["domain"])
        self.assertEqual(leads, request.lead_ids)
        self.assertEqual((leads.user_id, leads.team_id), (self.salesperson, request.team_id))
        with Form(leads[0]) as form:
            self.assertEqual(form.company_employees, leads[0].company_employees)
            self.assertTrue(form.company_employees)

    def test_chatter_tells_about_the_company(self):
        """Nel thread del chatter per il lead, vengono fornite ulteriori informazioni. Queste
        possono includere il numero di dipendenti, la tecnologia utilizzata dall'azienda, il fuso
        orario e le informazioni di contatto diretto."""
        form = self.dialog()
        form.target = "contacts"
        lead = self.generate(form).lead_ids.sorted("id")[0]
        note = lead.message_ids.mapped("body")[0]
        for text in ("41", "PostgreSQL", "Europe/Brussels", "person@synthetic1.example"):
            self.assertIn(text, note)

    def test_without_the_leads_feature_opportunities_come_into_the_pipeline(self):
        """Se la funzione Lead non viene attivata per il database, i lead vengono generati come
        opportunità e aggiunti alla pipeline per il venditore designato."""
        request = self.generate(self.dialog())
        self.assertEqual(set(request.lead_ids.mapped("type")), {"opportunity"})
        self.assertEqual(request.lead_ids.user_id, self.salesperson)
        self.assertTrue(request.lead_ids.stage_id)
        self.assertEqual(
            request.action_view_leads()["id"], self.env.ref("crm.crm_lead_opportunities").id
        )

    def test_with_the_leads_feature_leads_are_generated(self):
        """Per attivare la funzionalità lead, apri l'app CRM ‣ Configurazione ‣ Impostazioni e
        spunta la casella Lead. Infine, fai clic su Salva."""
        self.switch(group_use_lead=True)
        self.salesperson.invalidate_recordset()
        request = self.generate(self.dialog())
        self.assertEqual(set(request.lead_ids.mapped("type")), {"lead"})
        self.assertEqual(
            request.action_view_leads()["id"], self.env.ref("crm.crm_lead_all_leads").id
        )

    def test_each_generated_lead_costs_a_credit(self):
        """L'estrazione di lead è una funzione acquisti in app e ogni lead generato costa un
        credito."""
        self.generate(self.dialog())
        self.assertPaid(3)
        self.assertEqual(self.env["iap.account"]._get_local("reveal").credits_available, 97)

    def test_each_generated_contact_costs_one_more(self):
        """La generazione di Companies and their Contacts costa un credito aggiuntivo per ogni
        contatto generato. Per maggiori informazioni sulle tariffe, consulta la sezione:
        Generazione lead tramite IAP Odoo."""
        form = self.dialog()
        form.target = "contacts"
        form.contact_number = 2
        form.lead_number = 2
        request = form.save()
        preview = request.get_preview(
            {
                "provider_id": self.provider.id, "target": "contacts", "lead_number": 2,
                "contact_number": 2, "country_ids": self.belgium.ids,
            }
        )  # fmt: skip
        self.assertEqual(preview["price"], 6)
        request.action_generate()
        self.run_lane()
        self.assertEqual((request.created_count, request.contact_count), (2, 4))
        self.assertPaid(6)

    def test_credits_are_bought_from_the_settings_of_crm(self):
        """Per comprare crediti, apri l'app CRM ‣ Configurazione ‣ Impostazioni. Nella sezione
        Generazione lead, sotto la funzionalità Estrazione lead, fai clic su Compra crediti."""
        arch = self.arch(
            "crm.res_config_settings_view_form", "res.config.settings", self.administrator
        )
        (widget,) = arch.xpath(
            "//setting[@id='lead_mining_settings']//widget[@name='iap_buy_more_credits']"
        )
        self.assertEqual(widget.get("service_name"), "reveal")
        url = self.env["iap.account"].with_user(self.administrator).get_credits_url("reveal")
        self.assertTrue(url)
        self.assertNotIn("iap.odoo.com", url)

    def test_credits_are_bought_from_the_general_settings(self):
        """I crediti possono essere acquistati anche accedendo all'applicazione Impostazioni. Nella
        sezione Contatti, sotto la funzione IAP Odoo, fai clic su Vedi i miei servizi."""
        arch = self.arch(
            "base_setup.res_config_settings_view_form", "res.config.settings", self.administrator
        )
        action = self.env.ref("iap.iap_account_action")
        self.assertTrue(
            arch.xpath("//div[@id='contacts_settings']//button[@name='iap.iap_account_action']")
        )
        accounts = self.env[action.sudo().res_model].with_user(self.administrator).search([])
        self.assertIn(self.account, accounts)

    def test_trial_credits_are_given_to_try_it(self):
        """Gli utenti di Odoo Enterprise con un abbonamento valido ricevono crediti gratuiti per
        testare le funzionalità IAP prima acquistare più crediti per il database.

        Here every database gets them, once for each service and company."""
        Settings.store(self.env, {"trial_credits": 7})
        company = self.env["res.company"].create({"name": "New Company"})
        account = self.env["iap.account"]._get_local("reveal", company=company)
        self.assertEqual(account.credits_available, 7)
