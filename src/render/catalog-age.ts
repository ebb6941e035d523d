/** What to do about an old catalog; stands after a colon. */
export const catalogRemedy = 'update basekeeper or run basekeeper catalog refresh';
