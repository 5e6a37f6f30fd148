import js from "@eslint/js";
import globals from "globals";

export default [
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...globals.browser, odoo: "readonly" },
        },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            curly: "error",
            eqeqeq: ["error", "always", { null: "ignore" }],
            "no-console": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-unused-vars": ["error", { args: "none", caughtErrors: "none" }],
            "no-var": "error",
            "prefer-const": ["error", { destructuring: "all", ignoreReadBeforeAssign: true }],
        },
    },
];
