/** Everything that a test wants to know of the page. Lengths are CSS pixels; what is folded is unfolded, but for jobs. */
export interface Seen {
  readonly title: string;
  readonly text: string;
  readonly background: string;
  /** Headings and the names of the five lines. */
  readonly order: readonly string[];
  /** `name: result` */
  readonly rows: readonly string[];
  /** How many visible elements the keyboard has to reach. */
  readonly focusable: number;
  readonly links: readonly string[];
  readonly logOfFirst: string;
  /** How much wider than the window. */
  readonly overflow: number;
  /** Elements that stand out of the window. */
  readonly cut: readonly string[];
  /** How many elements with a text of their own are visible. */
  readonly texts: number;
  /** Those whose colour is nearer to what is behind than 4.5 to 1 (WCAG 2.2, 1.4.3). */
  readonly pale: readonly string[];
  /** Elements and attributes that run, load or style something. */
  readonly foreign: number;
  readonly jobs: readonly (Span & {
    readonly name: string;
    readonly isOpen: boolean;
    readonly steps: readonly Span[];
  })[];
}

interface Span {
  readonly left: number;
  readonly right: number;
}

export function look(): Seen;
/** Tag of what has the focus, and its outline. */
export function focused(): string;
export function focusFirstJob(): void;
