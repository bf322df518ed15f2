import { describe, expect, it } from "@jest/globals";
import { endInTime } from "../../src/app/end-in-time.js";

describe("work that must end in time", () => {
	const never = () => new Promise<never>(() => {});
	const late = () => new Error("late");
	const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

	it("gives what it gives, or fails as it fails, and leaves no timer behind", async () => {
		const before = timers();
		expect(await endInTime(60_000, async () => "done", late)).toBe("done");
		await expect(endInTime(60_000, () => Promise.reject(new Error("broken")), late)).rejects.toThrow(
			"broken",
		);
		const thrown = () => {
			throw new Error("at once");
		};
		await expect(endInTime(60_000, thrown, late)).rejects.toThrow("at once");
		expect(timers()).toBe(before);
	});

	it("is left behind when its time is over", async () => {
		await expect(endInTime(5, never, late)).rejects.toThrow("late");
	});

	it("is told only then", async () => {
		let told = 0;
		const tell = () => {
			told++;
			return late();
		};
		await endInTime(5, async () => {}, tell);
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(told).toBe(0);
		await expect(endInTime(5, never, tell)).rejects.toThrow("late");
		expect(told).toBe(1);
	});

	it.each([0, -1])("is not begun with %d ms", async (ms) => {
		let begun = false;
		const work = async () => {
			begun = true;
		};
		await expect(endInTime(ms, work, late)).rejects.toThrow("late");
		expect(begun).toBe(false);
	});
});
