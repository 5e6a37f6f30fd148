/**
 * Make an element. What it shows is text, never markup: names and subjects are others' words.
 *
 * @param {string} tag
 * @param {Object} [attributes] "on…" are listeners; false, null and undefined are left out. A class
 *     is `className`: where its own word stands, whoever gathers texts finds none after it
 * @param {...(Node|string|null|false|Array)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === false || value === null || value === undefined) {
            continue;
        }
        if (name.startsWith("on")) {
            element.addEventListener(name.slice(2), value);
        } else {
            const attribute = name === "className" ? "class" : name;
            element.setAttribute(attribute, value === true ? "" : value);
        }
    }
    const shown = children.flat(Infinity).filter((child) => child || child === 0);
    element.append(...shown.map((child) => (child instanceof Node ? child : String(child))));
    return element;
}

export function button(label, onclick, attributes = {}) {
    return el("button", { type: "button", onclick, ...attributes }, label);
}

/** Make a link that opens in the user's own browser. */
export function external(href, label, attributes = {}) {
    return el("a", { href, target: "_blank", rel: "noopener", ...attributes }, label);
}
