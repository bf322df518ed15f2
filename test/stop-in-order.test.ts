import { describe, expect, it } from "@jest/globals";
import { stopInOrder } from "../src/stop-in-order.js";

describe("stopping in order", () => {
	const ended: string[] = [];
	const part = (name: string, stop: () => Promise<unknown> = async () => {}, limitMs = 1_000) => ({
		name,
		limitMs,
		stop: async () => {
			await stop();
			ended.push(name);
		},
	});
	const never = () => new Promise(() => {});

	it("stops one after the other", async () => {
		ended.length = 0;
		let first: () => void = () => {};
		const slow = () =>
			new Promise<void>((resolve) => {
				first = resolve;
			});
		const stopping = stopInOrder([[part("listener", slow)], [part("work")], [part("database")]]);
		await new Promise((resolve) => setImmediate(resolve));
		expect(ended).toEqual([]);
		first();
		expect(await stopping).toEqual([]);
		expect(ended).toEqual(["listener", "work", "database"]);
	});

	it("stops a group together, and the next one when all of it has ended", async () => {
		ended.length = 0;
		let listener: () => void = () => {};
		const slow = () =>
			new Promise<void>((resolve) => {
				listener = resolve;
			});
		const stopping = stopInOrder([[part("listener", slow), part("work")], [part("database")]]);
		await new Promise((resolve) => setImmediate(resolve));
		expect(ended).toEqual(["work"]);
		listener();
		expect(await stopping).toEqual([]);
		expect(ended).toEqual(["work", "listener", "database"]);
	});

	it("tells what a group left behind in the order in which its parts are given", async () => {
		ended.length = 0;
		const fail = () => Promise.reject(new Error("broken pipe"));
		expect(
			await stopInOrder([[part("listener", never, 10), part("work", fail)], [part("database")]]),
		).toEqual(["listener: did not end within 10 ms", "work: broken pipe"]);
		expect(ended).toEqual(["database"]);
	});

	it("leaves behind what does not end in its time or fails, and says which", async () => {
		ended.length = 0;
		const fail = () => Promise.reject(new Error("broken pipe"));
		const thrown = {
			name: "odd",
			limitMs: 1_000,
			stop: () => {
				throw new Error("odd");
			},
		};
		expect(
			await stopInOrder([[part("listener", never, 10)], [part("work", fail)], [thrown], [part("database")]]),
		).toEqual(["listener: did not end within 10 ms", "work: broken pipe", "odd: odd"]);
		expect(ended).toEqual(["database"]);
	});
});
