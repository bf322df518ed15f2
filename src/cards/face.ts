/** What a card says, before a template gives it its form. All text in it is ready for a `TextBlock`. */
export interface Face {
	/** Style of the header; the symbol and the title say the same without colour. */
	readonly tone: "default" | "emphasis" | "accent" | "good" | "warning" | "attention";
	readonly symbol: string;
	readonly title: string;
	readonly lead: string;
	/** Words of a person, shown without any markup. */
	readonly quote: string;
	readonly facts: readonly Fact[];
	readonly notes: readonly Note[];
	readonly smallPrint: readonly Note[];
}

export interface Fact {
	readonly title: string;
	readonly value: string;
}

export interface Note {
	readonly text: string;
}

export function face(parts: Pick<Face, "tone" | "symbol" | "title"> & Partial<Face>): Face {
	return { lead: "", quote: "", facts: [], notes: [], smallPrint: [], ...parts };
}

export function notes(...texts: readonly (string | undefined)[]): Note[] {
	return texts.flatMap((text) => (text ? [{ text }] : []));
}

/** Facts whose value is known. */
export function facts(...rows: readonly (readonly [title: string, value: string | undefined])[]): Fact[] {
	return rows.flatMap(([title, value]) => (value === undefined || value === "" ? [] : [{ title, value }]));
}
