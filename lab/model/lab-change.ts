/** What an `up` would do with one network, host or image. */
export interface Change {
  /** `change` replaces what is there by another one. */
  readonly action: 'create' | 'change' | 'remove';
  readonly kind: 'image' | 'network' | 'host';
  readonly name: string;
  /** What is not as it should be, in words; empty unless `action` is `change`. */
  readonly because: readonly string[];
}
