import { SuggestionService } from "@mail/core/common/suggestion_service";
import { patch } from "@web/core/utils/patch";

patch(SuggestionService.prototype, {
    /** Who may not be written to from a card is not offered to be mentioned there either. */
    isSuggestionValid(partner, thread) {
        const policy = thread?.recipientPolicy;
        return (
            super.isSuggestionValid(...arguments) &&
            (policy?.mode !== "registered" ||
                partner.main_user_id?.share === false ||
                policy.candidates.some(({ partner_id }) => partner_id === partner.id))
        );
    },
});
