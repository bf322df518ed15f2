import type { Action } from "./buttons.js";

/**
 * What a card says, before the template gives it its form. All text in it is ready for a `TextBlock`, but for the
 * quote, which is plain.
 */
export interface Face {
	readonly tone: Tone;
	readonly symbol: Symbol;
	/** What happened to the job, and whether somebody must act; under 60 characters. */
	readonly title: string;
	readonly lead: string;
	/** Which job and which receipt, for the notification. */
	readonly subject: string;
	/** Words of a person, shown without any markup. */
	readonly quote: string;
	readonly notes: readonly Note[];
	readonly running: readonly RunningRow[];
	readonly ended: readonly Row[];
	readonly endedHeading: string;
	readonly facts: readonly Fact[];
	readonly smallPrint: readonly Note[];
	/** A form that stands open on the card. */
	readonly form: readonly object[];
	readonly buttons: readonly Action[];
	/** Shown by the button Details alone. */
	readonly details: readonly Note[];
	/** People whom the text mentions. */
	readonly mentions: readonly object[];
	/** How clients ask for a card of their own for some people. */
	readonly refresh?: object;
}

/**
 * The style of the header; symbol and title say the same without colour. Each has one meaning: `good` it happened
 * or may be done, `accent` under way, `warning` not known, `attention` it did not happen or may not be done,
 * `default` nothing of these.
 */
export type Tone = "default" | "accent" | "good" | "warning" | "attention";

/** Each has one meaning, and all are in the fonts of all clients as letters, never as coloured pictures. */
export const SYMBOLS = {
	running: "●",
	ended: "■",
	underWay: "…",
	yes: "√",
	no: "×",
	unclear: "?",
	none: "",
} as const;
export type Symbol = (typeof SYMBOLS)[keyof typeof SYMBOLS];

/** A job in a list; pressing the row shows it. */
export interface Row {
	readonly title: string;
	readonly detail: string;
	readonly open: Action;
}

/** A job that runs, with the button that opens its form. */
export interface RunningRow extends Row {
	readonly buttons: readonly Action[];
}

export interface Fact {
	readonly title: string;
	readonly value: string;
	/** Takes the whole width of a narrow card; others stand two in a row. */
	readonly wide: boolean;
}

export interface Note {
	readonly text: string;
}

export function face(parts: Pick<Face, "tone" | "symbol" | "title"> & Partial<Face>): Face {
	return {
		lead: "",
		subject: "",
		quote: "",
		notes: [],
		running: [],
		ended: [],
		endedHeading: "",
		facts: [],
		smallPrint: [],
		form: [],
		buttons: [],
		details: [],
		mentions: [],
		...parts,
	};
}

export function notes(...texts: readonly (string | undefined)[]): Note[] {
	return texts.flatMap((text) => (text ? [{ text }] : []));
}

/** Facts whose value is known. */
export function facts(
	...rows: readonly (readonly [title: string, value: string | undefined, wide?: "wide"])[]
): Fact[] {
	return rows.flatMap(([title, value, wide]) =>
		value === undefined || value === "" ? [] : [{ title, value, wide: wide === "wide" }],
	);
}

/** The facts as they stand below each other: two short ones, or one that needs the width. */
export function factRows(all: readonly Fact[]): { readonly facts: readonly Fact[] }[] {
	const rows: { facts: Fact[] }[] = [];
	for (const fact of all) {
		const last = rows.at(-1)?.facts;
		if (last?.length === 1 && last.every(({ wide }) => !wide) && !fact.wide) last.push(fact);
		else rows.push({ facts: [fact] });
	}
	return rows;
}

export function heading({ symbol, title }: Pick<Face, "symbol" | "title">): string {
	return symbol === "" ? title : `${symbol}  ${title}`;
}

/** Pixels of a card on a telephone, and what a letter and a button's frame take of them. */
const CARD_WIDTH = 296;
const LETTER_WIDTH = 7.5;
const WIDE_LETTER_WIDTH = 15;
const FRAME_WIDTH = 34;

/** The buttons as they stand below each other: not every client breaks a line of buttons that is too long. */
export function buttonRows(all: readonly Action[]): { readonly buttons: readonly Action[] }[] {
	const rows: { buttons: Action[]; width: number }[] = [];
	for (const button of all) {
		const width = buttonWidth(button);
		const last = rows.at(-1);
		if (last && last.width + width <= CARD_WIDTH) {
			last.buttons.push(button);
			last.width += width;
		} else rows.push({ buttons: [button], width });
	}
	return rows.map(({ buttons }) => ({ buttons }));
}

function buttonWidth({ title }: Action): number {
	let width = FRAME_WIDTH;
	for (const letter of title) width += /[\u2E80-\uFFEF]/u.test(letter) ? WIDE_LETTER_WIDTH : LETTER_WIDTH;
	return width;
}
