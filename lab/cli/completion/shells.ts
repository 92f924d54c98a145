/** Shells that a completion can be written for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
