import type { SideName } from "../sides.js";

/** What was measured, by figure and side: one number a round, or many that a percentile is taken of. */
export class Samples {
	readonly #all = new Map<string, Map<SideName, number[]>>();

	add(figure: string, side: SideName, ...values: number[]): void {
		const ofFigure = this.#all.get(figure) ?? new Map<SideName, number[]>();
		this.#all.set(figure, ofFigure);
		ofFigure.set(side, [...(ofFigure.get(side) ?? []), ...values]);
	}

	of(figure: string, side: SideName): readonly number[] {
		return this.#all.get(figure)?.get(side) ?? [];
	}

	has(figure: string): boolean {
		return this.#all.has(figure);
	}

	toJSON(): object {
		return Object.fromEntries(
			[...this.#all].map(([figure, ofFigure]) => [figure, Object.fromEntries(ofFigure)]),
		);
	}
}

/** The value that a share of the values does not exceed (`0.5` is the median); `undefined` without values. */
export function quantile(values: readonly number[], share: number): number | undefined {
	if (values.length === 0) return undefined;
	const sorted = values.toSorted((a, b) => a - b);
	const at = (sorted.length - 1) * share;
	const below = sorted[Math.floor(at)] ?? Number.NaN;
	const above = sorted[Math.ceil(at)] ?? Number.NaN;
	return below + (above - below) * (at - Math.floor(at));
}
