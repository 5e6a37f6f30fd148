"""Twelve different e-mails by each way into Odoo: the same records, and each is logged once."""

import html
import json
import re
from email.utils import getaddresses

import pytest

from tests.gmail_client import Gmail, google, link
from tests.mail_day import COLLEAGUE, LARGE, OWN, day
from tests.mail_plugin_client import SET_UP, Addin
from tests.outlook_client import PANE, outlook

#: A colleague of `SET_UP`'s user, who opens what that one has logged.
COLLEAGUES = """
import json
from odoo.tests.common import new_test_user
env["ir.config_parameter"].set_param("crm_mail_plugin.generation", "2")
user = env["res.users"].search([("login", "=", "sally")])
user.name = {own!r}
{link_user}
groups = "base.group_user,base.group_partner_manager,sales_team.group_sale_salesman_all_leads"
user = new_test_user(env, login="bob", groups=groups, email={colleague!r}, name="Bob Builder")
{link_colleague}
token = env["res.users.apikeys"].with_user(user).generate_for_addin("x", {url!r}, 90)
for name, value in (("web.base.url.freeze", "True"), ("web.base.url", {url!r})):
    env["ir.config_parameter"].set_param(name, value)
env.cr.commit()
print(json.dumps(token))
"""
#: Leads and contacts of one domain with the e-mails that are logged on them.
RECORDS = """
    WITH person AS (SELECT id, name, email, parent_id FROM res_partner WHERE email LIKE %(at)s),
         lead AS (SELECT lead.*, person.email FROM crm_lead lead
                    JOIN person ON person.id = lead.partner_id)
    SELECT 'person', name, email, parent_id::text, '', '', '', '', '[]' FROM person
     UNION ALL
    SELECT 'lead', lead.name, email, user_id::text, lead.type, lead.description, '', '', '[]'
      FROM lead
     UNION ALL
    SELECT message.model, record.email, message.subject, message.email_from,
           message.date::text, message.body, author.email, message.message_id,
           (SELECT json_agg(json_build_array(file.name, file.checksum))::text
              FROM message_attachment_rel rel JOIN ir_attachment file
                ON file.id = rel.attachment_id
             WHERE rel.message_id = message.id)
      FROM mail_message message
      JOIN (SELECT 'crm.lead' AS model, id, email FROM lead
             UNION ALL SELECT 'res.partner', id, email FROM person) record
        ON (record.model, record.id) = (message.model, message.res_id)
 LEFT JOIN res_partner author ON author.id = message.author_id
     WHERE message.message_type = 'email'
"""
# What a user does with an e-mail in the pane.
WORK = """(async (mail, isLogged) => {
    const until = async (find) => {
        for (let turn = 0; turn < 1500; turn++) {
            const found = find();
            if (found) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        throw new Error(document.body.innerText);
    };
    const find = (selector) => () => document.querySelector(selector);
    const says = (words) => () => document.body.innerText.includes(words);
    await window.openMail(mail);
    const add = [...document.querySelectorAll(".contact button")]
        .find((one) => one.innerText === "Add to Contacts");
    if (add) {
        add.click();
        await until(find("[data-key^='log res.partner']:not([disabled])"));
    }
    document.querySelector("[data-key='make crm.lead']").click();
    await until(says("has the e-mail now"));
    if (isLogged) {
        (await until(find(".contact [data-key^='log res.partner']:not([disabled])"))).click();
        await until(says("The e-mail is logged."));
        await until(find(".contact .done"));
    }
})"""
USER, OTHER = "1001", "1002"
WAYS = ("routes", "gmail", "outlook")


@pytest.fixture(scope="module")
def played(host, tmp_path_factory):
    """Play the day by each way; return what there is of it afterwards, by way."""
    with google(host) as (fake, extra), host.database("mail_day") as database:
        with host.server(database, cron=0, extra=extra) as server:
            script = SET_UP + COLLEAGUES.format(
                own=OWN[0], colleague=COLLEAGUE[1], url=server.url,
                link_user=link(server.url, USER), link_colleague=link(server.url, OTHER),
            )  # fmt: skip
            *_said, known, token = map(json.loads, host.shell(database, script).splitlines())
            addin, other = Addin(server.url, known["token"]), Addin(server.url, token)
            _by_routes(addin, other)
            _by_gmail(server.url, fake)
            with outlook(tmp_path_factory.mktemp("office")) as tab:
                _by_outlook(tab, server.url, known["token"], other)
        yield {way: _records(host, database, way) for way in WAYS}


def _by_routes(addin, other):
    for mail in day("routes.test"):
        sent = mail.routes()
        name, email = mail.shown
        partner = addin.call("/mail_plugin/partner/get", {"email": email, "name": name})["partner"]
        if not partner["id"]:
            partner = addin.call("/mail_plugin/partner/create", {"email": email, "name": name})
        made = {
            "partner_id": partner["id"],
            "email_subject": sent["subject"],
            "email_body": sent["body"],
            "attachments": sent["attachments"],
        }
        assert addin.call("/mail_plugin/lead/create", made)["id"]
        if not mail.is_forwarded:
            for one in (addin, addin, other):
                logged = {"model": "res.partner", "res_id": partner["id"], **sent}
                assert one.call("/mail_plugin/log_mail_content", logged) is True


def _by_gmail(url, fake):
    gmail, other = Gmail(url, USER, OWN[1]), Gmail(url, OTHER, COLLEAGUE[1])
    for number, mail in enumerate(day("gmail.test"), 1):
        gmail.message = other.message = f"msg-f:{number}"
        fake.mails[f"{number:x}"] = mail.raw()
        fake.size = LARGE if mail.is_large else None
        card = gmail.open()
        if "Add to Odoo" in card.labels:
            card, _says = gmail.press(card, "Add to Odoo")
        card, says = gmail.press(card.section("Opportunities"), "New")
        assert "is in Odoo" in says, says
        if not mail.is_forwarded:
            _card, says = gmail.press(card, "Log E-mail")
            assert "was logged" in says, says
            card = other.open()
            if mail.sender == OWN:
                # To a colleague the sender comes first, who is one of us.
                card, _says = other.press(card, mail.whom[0])
            _card, says = other.press(card, "E-mail Logged")
            assert "logged there already" in says, says
    assert fake.wrong == []


def _by_outlook(tab, url, token, other):
    tab.open(url + PANE, "button.main")
    tab.evaluate(f"localStorage.setItem('odoo_outlook_token {OWN[1]}', {json.dumps(token)})")
    tab.call("Page.reload")
    tab.wait_for("header .user")
    for mail in day("outlook.test"):
        told = json.dumps([mail.item(), not mail.is_forwarded])
        tab.evaluate(f"({WORK})(...{told})")
        asked = {"people": [], "message_id": mail.message_id}
        found = other.call("/mail_plugin/outlook/email", asked)["logged"]
        assert len(found) == 2 - mail.is_forwarded, (mail.subject, found)


# === WHAT THERE IS AFTERWARDS === #


def _records(host, database, way):
    """Return leads, contacts and logged e-mails of a way, as they can be compared."""
    statement = RECORDS.replace("%(at)s", f"'%%@{way}.test%%'")
    rows = [
        [(value or "").replace(f"{way}.test", "way.test") for value in row]
        for row in host.sql(statement, database=database)
    ]
    records = {"person": [], "lead": [], "message": []}
    for kind, *values in rows:
        if kind in ("person", "lead"):
            values[4] = _words(values[4])
            records[kind].append(tuple(values[:5]))
            continue
        whose, subject, sender, date, body, author, message_id, files = values
        records["message"].append(
            {
                "on": (kind, whose, subject),
                "words": _words(body),
                "pictures": body.count("<img"),
                "files": json.loads(files or "[]"),
                "sender": getaddresses([sender]),
                "sent": date,
                "author": author,
                "message_id": message_id,
            }
        )
    return {
        "person": sorted(records["person"]),
        "lead": sorted(records["lead"]),
        "message": sorted(records["message"], key=lambda one: one["on"]),
    }


def _words(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


@pytest.mark.parametrize("way", WAYS)
def test_each_e_mail_is_logged_once_on_lead_and_contact_with_all_its_files(played, way):
    mails = day("way.test")
    expected = sorted(
        (model, mail.whom[1], mail.subject)
        for mail in mails
        for model in ("crm.lead", *([] if mail.is_forwarded else ["res.partner"]))
    )
    assert [one["on"] for one in played[way]["message"]] == expected
    mail_of = {mail.subject: mail for mail in mails}
    for message in played[way]["message"]:
        kept = sorted(checksum for _name, checksum in message["files"])
        assert kept == mail_of[message["on"][2]].kept, message
        assert message["words"].startswith(_words(mail_of[message["on"][2]].text)), message


def test_who_is_on_them_is_a_contact_with_the_lead_of_each(played):
    mails = day("way.test")
    people = {mail.whom for mail in mails}
    for way in WAYS:
        assert {(name, email) for name, email, *_rest in played[way]["person"]} == people, way
        assert len(played[way]["lead"]) == len(mails), way


@pytest.mark.parametrize("way", ["gmail", "outlook"])
def test_contacts_and_leads_are_those_that_the_published_add_ins_make(played, way):
    for kind in ("person", "lead"):
        assert played[way][kind] == played["routes"][kind]


@pytest.mark.parametrize("way", ["gmail", "outlook"])
def test_what_is_logged_is_what_the_published_add_ins_log(played, way):
    """Of a lead's e-mail these tell no more than its text; of one that is too large no file."""
    large = {mail.subject for mail in day("way.test") if mail.is_large}
    for ours, theirs in zip(played[way]["message"], played["routes"]["message"], strict=True):
        assert ours["on"] == theirs["on"]
        names = ["pictures", *([] if ours["on"][2] in large else ["words"])]
        if ours["on"][0] == "res.partner":
            names += ["sender", "sent", "author"]
        for name in names:
            assert ours[name] == theirs[name], (name, ours, theirs)


def test_gmail_and_outlook_log_the_same_under_the_message_id(played):
    assert played["gmail"]["message"] == played["outlook"]["message"]
    ids = {mail.message_id for mail in day("way.test")}
    assert {one["message_id"] for one in played["gmail"]["message"]} == ids
