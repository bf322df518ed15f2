import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createWaitingRoom } from "../../../src/app/requests/waiting-room.js";

describe("the waiting room", () => {
	beforeEach(() => void jest.useFakeTimers());
	afterEach(() => void jest.useRealTimers());

	async function isOver(wait: Promise<void>): Promise<boolean> {
		let over = false;
		void wait.then(() => {
			over = true;
		});
		await Promise.resolve();
		await Promise.resolve();
		return over;
	}

	it("lets whoever waits go when the answer is there, and nobody else", async () => {
		const room = createWaitingRoom();
		const [first, second] = [room.wait("a", 1_000), room.wait("b", 1_000)];
		room.answered("a");
		expect([await isOver(first), await isOver(second)]).toEqual([true, false]);
		expect(jest.getTimerCount()).toBe(1);
	});

	it("lets them go when their time is over", async () => {
		const wait = createWaitingRoom().wait("a", 1_000);
		jest.advanceTimersByTime(999);
		expect(await isOver(wait)).toBe(false);
		jest.advanceTimersByTime(1);
		expect(await isOver(wait)).toBe(true);
	});

	it("does not mind an answer that nobody waits for", () => {
		expect(() => createWaitingRoom().answered("a")).not.toThrow();
	});
});
