import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { saveUntilSaved } from "../../src/app/save-until-saved.js";

describe("saving what came back from outside", () => {
	beforeEach(() => {
		jest.useFakeTimers();
		// Every pause is half as long again as its least.
		jest.spyOn(Math, "random").mockReturnValue(0.5);
	});
	afterEach(() => {
		jest.useRealTimers();
		jest.restoreAllMocks();
	});

	/** Saves with so many failures first; tells when each try was made, and what was reported of it. */
	async function saved(failures: number, error: unknown, pauses?: { firstMs: number; longestMs: number }) {
		const start = Date.now();
		const triedAt: number[] = [];
		const reported: Error[] = [];
		const save = async () => {
			triedAt.push(Date.now() - start);
			if (triedAt.length <= failures) throw error;
			return "saved";
		};
		const result = saveUntilSaved(save, (failure) => reported.push(failure), pauses);
		await jest.advanceTimersByTimeAsync(3_600_000);
		return { result: await result, triedAt, reported };
	}

	it("saves once when that works, and hands on what was saved", async () => {
		expect(await saved(0, undefined)).toEqual({ result: "saved", triedAt: [0], reported: [] });
	});

	it("goes on for as long as it takes, and reports every failure", async () => {
		const error = new Error("the database went away");
		const { result, triedAt, reported } = await saved(100, error);
		expect(result).toBe("saved");
		expect(triedAt).toHaveLength(101);
		expect(reported).toEqual(Array.from({ length: 100 }, () => error));
	});

	it("pauses ever longer from a tenth of a second on, up to two seconds, and not in step with others", async () => {
		const { triedAt } = await saved(7, new Error("deadlock detected"));
		const pauses = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0));
		expect(pauses).toEqual([150, 300, 600, 1_200, 2_000, 2_000, 2_000]);
	});

	it("pauses as long as it is told to", async () => {
		const { triedAt } = await saved(3, new Error("deadlock detected"), { firstMs: 10, longestMs: 20 });
		expect(triedAt).toEqual([0, 15, 35, 55]);
	});

	it.each([
		["an error that looks like a mistake in code", new TypeError("Cannot read properties of null")],
		["something that is no error", "unreachable"],
	])("goes on after %s, too, for a driver may throw it when its connection breaks", async (_what, thrown) => {
		const { result, reported } = await saved(2, thrown);
		expect(result).toBe("saved");
		expect(reported).toHaveLength(2);
		expect(reported[0]?.cause).toBe(thrown);
	});
});
