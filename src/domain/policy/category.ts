/** In the order of policy 5.2.2; the first that matches wins. */
export const categories = ['preferred', 'permitted', 'restricted', 'prohibited'] as const;
export type Category = (typeof categories)[number];
