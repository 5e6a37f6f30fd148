import { after, globals } from "@odoo/hoot";
import {
    getMockEnv,
    makeMockEnv,
    patchTranslations,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { localization } from "@web/core/l10n/localization";
import { clearProcessedTemplates } from "@web/core/templates";

/**
 * Go on as an Italian user: with the terms of an addon and the numbers as the server gives them.
 *
 * @param {string} addon
 */
export async function speakItalian(addon) {
    const answer = await globals.fetch(`/web/webclient/translations?lang=it_IT&mods=${addon}`);
    const { lang, modules, lang_parameters: parameters } = await answer.json();
    if (lang !== "it_IT") {
        throw new Error("Italian is not installed in this database.");
    }
    const terms = modules[addon].messages.map(({ id, string }) => [id, string]);
    if (!getMockEnv()) {
        // It reads the language itself.
        await makeMockEnv();
    }
    patchTranslations({ [addon]: Object.fromEntries(terms) });
    patchWithCleanup(localization, {
        decimalPoint: parameters.decimal_point,
        thousandsSep: parameters.thousands_sep,
        grouping: JSON.parse(parameters.grouping),
    });
    // Texts of templates are translated when these are compiled.
    clearProcessedTemplates();
    after(clearProcessedTemplates);
}
