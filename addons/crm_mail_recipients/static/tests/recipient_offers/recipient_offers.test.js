import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { RecipientOffers } from "@crm_mail_recipients/recipient_offers/recipient_offers";

describe.current.tags("desktop");
defineMailModels();

const BUTTON = ".o_recipient_offers button";
const BOB = { model: "res.partner", id: 7, name: "Bob" };
const ACME = { model: "res.partner", id: 8, name: "Acme" };

function offer(values) {
    return { email: "anna@acme.test", name: "", contact: "", owners: [], ...values };
}

async function mount(offers, accept = () => {}) {
    await mountWithCleanup(RecipientOffers, { props: { offers, accept } });
}

test("each offer says what a click does", async () => {
    await mount([
        offer({ owners: [BOB, ACME] }),
        offer({ email: "mario@x.test" }),
        offer({ email: "orders@acme.test", contact: "Acme" }),
    ]);
    expect(queryAllTexts(BUTTON)).toEqual([
        "Register anna@acme.test on Bob",
        "Register anna@acme.test on Acme",
        "Create contact from mario@x.test",
        "Link Acme (orders@acme.test)",
    ]);
});

test("a click accepts it once, and no other one meanwhile", async () => {
    const done = new Deferred();
    const anna = offer({ owners: [BOB, ACME] });
    await mount([anna], async (accepted, owner) => {
        expect.step([accepted.email, owner.name]);
        await done;
    });
    await click(`${BUTTON}:last`);
    await animationFrame();
    expect(BUTTON).not.toBeEnabled();
    done.resolve();
    await animationFrame();
    expect(`${BUTTON}:enabled`).toHaveCount(2);
    expect.verifySteps([["anna@acme.test", "Acme"]]);
});
