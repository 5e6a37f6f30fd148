/** The pane's texts in the user's language, which the server has. */

let texts = {};

/**
 * @param {string} source the English text, a literal: translators find it here
 * @param {Object} [values] for each "%(name)s" in it
 * @returns {string}
 */
export function _t(source, values = {}) {
    const text = texts[source] ?? source;
    return text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

/**
 * Speak another language from now on; the one spoken stays where the server does not answer.
 *
 * @param {string} lang as Office ("it-IT") or Odoo ("it_IT") names it
 */
export async function speak(lang) {
    try {
        const answer = await fetch(`/mail_plugin/outlook/texts?lang=${encodeURIComponent(lang)}`, {
            credentials: "omit",
        });
        const known = await answer.json();
        texts = known.texts;
        document.documentElement.lang = known.lang.replace("_", "-");
    } catch {
        // Without translations the texts are English.
    }
}
