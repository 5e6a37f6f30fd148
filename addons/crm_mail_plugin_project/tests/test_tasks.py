import base64

from odoo.tests import tagged

from odoo.addons.crm_mail_plugin.tests.common import AddinCase
from odoo.addons.crm_mail_plugin.tests.test_fetch import picture

CREATE, GET = "/mail_plugin/task/create", "/mail_plugin/partner/get"
PICTURE = base64.b64encode(picture()).decode()


@tagged("post_install", "-at_install")
class TestTasks(AddinCase):
    groups = AddinCase.groups + ",project.group_project_manager"

    def setUp(self):
        super().setUp()
        self.acme = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        self.ann = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@acme.test", "parent_id": self.acme.id}
        )
        self.project = self.env["project.project"].create(
            {"name": "Quagga", "partner_id": self.acme.id}
        )

    def create_task(self, body="<p>Hello</p>", subject="Repair", **params):
        sent = {
            "partner_id": self.ann.id,
            "email_body": body,
            "email_subject": subject,
            "project_id": self.project.id,
        }
        result = self.call(CREATE, sent | params)
        task = self.env["project.task"].browse(result["task_id"])
        self.assertEqual(result, {"task_id": task.id, "name": task.name})
        return task

    def test_a_task_has_subject_text_sender_and_its_maker(self):
        task = self.create_task()
        self.assertEqual(
            (task.name, task.partner_id, task.project_id, task.user_ids),
            ("Repair", self.ann, self.project, self.user),
        )
        self.assertIn("Hello", task.description)

    def test_pictures_and_files_come_along(self):
        task = self.create_task(
            body=f'<img src="data:image/png;base64,{PICTURE}">', attachments=[["a.txt", "SGk="]]
        )
        self.assertIn("/web/image/", task.description)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "project.task"), ("res_id", "=", task.id)]
        )
        self.assertEqual(set(files.mapped("name")), {"a.txt", "image001.png"})

    def test_the_same_e_mail_is_one_task_in_a_project(self):
        other = self.env["project.project"].create({"name": "Other"})
        task = self.create_task()
        self.assertEqual(self.create_task(), task)
        self.assertNotEqual(self.create_task(project_id=other.id), task)

    def test_a_done_task_is_followed_by_a_new_one_that_leads_to_it(self):
        for close in (
            {"state": "1_done"}, {"state": "1_canceled"}, {"active": False},
        ):  # fmt: skip
            task = self.create_task()
            task.write(close)
            new = self.create_task()
            self.assertNotEqual(new, task, close)
            self.assertIn(f'data-oe-id="{task.id}"', "".join(new.message_ids.mapped("body")))
            self.assertEqual(self.create_task(), new)
            (task | new).unlink()

    def test_the_same_words_of_the_next_day_are_another_task(self):
        task = self.create_task()
        self.turn_back_the_log(days=1)
        self.assertNotEqual(self.create_task(), task)

    def test_without_a_subject_the_sender_names_the_task(self):
        self.assertIn("Ann", self.create_task(subject="").name)

    def test_an_e_mail_is_logged_once_on_a_task(self):
        task = self.env["project.task"].create({"name": "T", "project_id": self.project.id})
        sent = {"model": "project.task", "res_id": task.id, "message": "<p>Hello</p>"}
        for _time in range(2):
            self.assertTrue(self.call("/mail_plugin/log_mail_content", sent))
        bodies = [body for body in task.message_ids.mapped("body") if "Hello" in body]
        self.assertEqual(len(bodies), 1)

    def test_projects_are_found_and_made(self):
        search = "/mail_plugin/project/search"
        [row] = self.call(search, {"search_term": "quag"})
        self.assertEqual(
            row,
            {"project_id": self.project.id, "name": "Quagga", "partner_name": "Acme",
             "company_id": row["company_id"]},
        )  # fmt: skip
        self.assertLessEqual(len(self.call(search, {"search_term": ""})), 5)
        made = self.call("/mail_plugin/project/create", {"name": "New one"})
        project = self.env["project.project"].browse(made["project_id"])
        self.assertEqual((project.name, made["name"]), ("New one", "New one"))
        self.refuse("/mail_plugin/project/create", {"name": " "})

    def test_what_is_gone_or_not_the_users_makes_no_task(self):
        other = self.env["res.company"].create({"name": "Other"})
        secret = self.env["project.project"].create({"name": "S", "company_id": other.id})
        sent = {"email_body": "", "email_subject": "x"}
        for partner_id, project_id in (
            (self.ann.id, 2**31 - 1), (2**31 - 1, self.project.id), (self.ann.id, secret.id),
            (self.ann.id, None), (None, self.project.id),
        ):  # fmt: skip
            ids = {"partner_id": partner_id, "project_id": project_id}
            self.refuse(CREATE, {**sent, **ids})
        self.assertFalse(self.env["project.task"].search([("name", "=", "x")]))

    def test_the_list_has_the_tasks_of_contact_and_company_and_a_true_total(self):
        values = [{"name": f"T{n}", "project_id": self.project.id} for n in range(8)]
        tasks = self.env["project.task"].create(
            [{**row, "partner_id": (self.ann if n % 2 else self.acme).id}
             for n, row in enumerate(values)]
        )  # fmt: skip
        result = self.call(GET, {"email": "ann@acme.test", "name": "Ann"})
        self.assertEqual({row["task_id"] for row in result["tasks"]}, set(tasks.ids))
        self.assertEqual((result["task_count"], result["can_create_project"]), (8, True))
        self.assertEqual(result["tasks"][0]["project_name"], "Quagga")

    # === SECOND GENERATION === #

    def test_a_task_of_an_incoming_e_mail_is_the_senders_without_a_contact_as_well(self):
        project = self.env["project.project"].create({"name": "Garden"})
        spelled = ("ada@garden.example", '"Ada, L." <Ada@garden.example>', "<ada@garden.example>")
        foreign = ("Bada <bada@garden.example>", "ada@garden.example <eva@garden.example>")
        tasks = self.env["project.task"].create(
            [
                {"name": sender, "email_from": sender, "project_id": project.id}
                for sender in (*spelled, *foreign)
            ]
        )
        nobody = self.env["res.partner"]
        found = tasks.search(tasks.mail_plugin_domain(nobody, "ada@garden.example"))
        self.assertEqual(set(found.mapped("name")), {*spelled})

    def test_the_second_add_ins_find_and_make_tasks(self):
        self.set_option("generation", "2")
        sent = {
            "email_body": "<p>Hello</p>", "email_subject": "Repair", "partner_id": False,
            "project_id": self.project.id, "partner_email": "new@beta.test",
            "partner_name": "New", "attachments": [],
        }  # fmt: skip
        made = self.call(CREATE, sent)
        task = self.env["project.task"].browse(made["id"])
        self.assertEqual(
            (made["name"], made["project_name"], made["partner_id"], task.partner_id.name),
            ("Repair", "Quagga", task.partner_id.id, "New"),
        )
        rows, total = self.call("/mail_plugin/search_records/project.task", {"query": "Repair"})
        self.assertEqual(([row["id"] for row in rows], total), ([task.id], 1))
        rows, total = self.call("/mail_plugin/search_records/project.project", {"query": ""})
        self.assertIn(self.project.id, [row["id"] for row in rows])
        self.assertEqual(set(rows[0]), {"id", "name", "partner_name", "stage_name", "company_name"})
        opened = self.call(GET, {"email": "new@beta.test", "partner_id": False})
        self.assertEqual((opened["tasks"][0]["id"], opened["task_count"]), (task.id, 1))
        self.assertTrue(opened["can_create_project"])
        self.assertEqual(
            set(self.call("/mail_plugin/project/create", {"name": "P"})), {"id", "name"}
        )
