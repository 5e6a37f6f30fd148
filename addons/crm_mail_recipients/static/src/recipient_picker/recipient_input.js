import { readTyped } from "@crm_mail_recipients/recipient_picker/mailboxes";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { browser } from "@web/core/browser/browser";

import { useEffect, useExternalListener } from "@odoo/owl";

/**
 * Where recipients are typed, pasted or found in a list.
 *
 * `onText` is told what stands in it, `onTake` what is to become recipients: at Enter, a comma or a
 * semicolon what is whole, at once what is pasted, and whatever stands there when it is left.
 */
export class RecipientInput extends AutoComplete {
    static template = "crm_mail_recipients.RecipientInput";
    static props = {
        ...AutoComplete.props,
        title: String,
        text: String,
        onText: Function,
        onTake: Function,
        onRemoveLast: Function,
    };

    setup() {
        super.setup();
        // Typed before: a composer is closed and opened again.
        this.state.value = this.props.text;
        this.isPressed = false;
        this.hasNavigated = false;
        useEffect(
            (text) => {
                if (!text && this.inputRef.el.value) {
                    this.empty();
                }
            },
            () => [this.props.text]
        );
        useExternalListener(window, "pointerdown", () => (this.isPressed = true), true);
        for (const released of ["pointerup", "pointercancel"]) {
            useExternalListener(window, released, this.onRelease, true);
        }
    }

    /** The list stands below all recipients, or above them: it covers none. */
    get targetDropdown() {
        return this.root.el?.closest(".o_recipient_picker") || super.targetDropdown;
    }

    take(text = this.inputRef.el.value) {
        this.props.onTake(text);
        this.empty();
    }

    empty() {
        this.inputRef.el.value = "";
        this.props.onText("");
        // A list that is still awaited does not open any more.
        this.debouncedProcessInput.cancel();
        this.pendingPromise?.resolve();
        this.pendingPromise = this.loadingPromise = null;
        this.close();
    }

    selectOption(option) {
        super.selectOption(option);
        if (!option.unselectable) {
            this.props.onText("");
        }
    }

    onInput() {
        this.hasNavigated = false;
        this.props.onText(this.inputRef.el.value);
        return super.onInput();
    }

    onPaste(ev) {
        const { value, selectionStart, selectionEnd } = this.inputRef.el;
        const pasted = ev.clipboardData?.getData("text/plain") || "";
        const text = value.slice(0, selectionStart) + pasted + value.slice(selectionEnd);
        if (readTyped(text).emails.length) {
            ev.preventDefault();
            this.take(text);
        }
    }

    async onInputKeydown(ev) {
        const { value } = this.inputRef.el;
        this.isPressed = false;
        if (ev.isComposing) {
            return;
        }
        if (ev.key === "Backspace" && !value) {
            this.props.onRemoveLast();
        } else if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            this.hasNavigated = true;
        }
        // Enter takes what is typed, and not what the list has marked by itself.
        if ((ev.key === "Enter" && !this.hasNavigated) || ev.key === "," || ev.key === ";") {
            const { emails, rest } = readTyped(value);
            if (emails.length && !rest.length) {
                ev.preventDefault();
                ev.stopPropagation();
                this.take();
                return;
            }
        }
        return super.onInputKeydown(ev);
    }

    onInputBlur() {
        super.onInputBlur();
        // While a mouse button is down nothing may move: the button that is clicked neither.
        if (!this.isPressed) {
            this.takeLeft();
        }
    }

    onRelease() {
        this.isPressed = false;
        browser.setTimeout(() => this.takeLeft());
    }

    /** Take what was left standing by going elsewhere. */
    takeLeft() {
        const input = this.inputRef.el;
        if (input?.value.trim() && document.activeElement !== input) {
            this.take();
        }
    }
}
