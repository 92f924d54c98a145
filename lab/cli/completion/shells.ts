/** Shells for which a completion can be written. */
export const shells = ['bash', 'zsh', 'fish'] as const;
