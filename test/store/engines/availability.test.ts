import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { type Availability, watchAvailability } from "../../../src/store/engines/availability.js";

describe("the watch over the database", () => {
	let probe: () => Promise<void>;
	let probes: number;
	let lines: { level: string; message: string; facts: Record<string, unknown> }[];
	let availability: Availability;
	beforeEach(() => {
		jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
		probe = async () => {};
		probes = 0;
		lines = [];
		const note = (level: string) => (facts: object, message: string) =>
			void lines.push({ level, message, facts: { ...facts } });
		availability = watchAvailability(
			() => {
				probes++;
				return probe();
			},
			{ info: note("info"), error: note("error") },
		);
	});
	afterEach(() => {
		availability.stop();
		jest.useRealTimers();
	});
	const down = async () => {
		throw Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
	};
	const hang = () => new Promise<void>(() => {});
	const turn = (ms: number) => jest.advanceTimersByTimeAsync(ms);
	const told = () => lines.map(({ message }) => message);
	const fail = (times: number) => {
		for (let n = 0; n < times; n++)
			availability.suspect(new Error(`failure ${n}`), { queue: "answer" }, "work queue error");
	};

	it("asks once for everybody who wants to know at the same time, and again later", async () => {
		expect(await Promise.all([1, 2, 3].map(() => availability.check()))).toEqual([true, true, true]);
		expect(probes).toBe(1);
		await availability.check();
		expect(probes).toBe(2);
		expect(lines).toEqual([]);
	});

	it("says no when there is no answer within two seconds, and does not pile up questions", async () => {
		probe = hang;
		const first = availability.check();
		await turn(2_000);
		expect(await first).toBe(false);
		const second = availability.check();
		await turn(2_000);
		expect(await second).toBe(false);
		expect(probes).toBe(1);
	});

	it("tells that the database went and that it came back, and little in between", async () => {
		probe = down;
		fail(100);
		for (let second = 0; second < 600; second++) {
			await turn(1_000);
			fail(30);
			await availability.check();
		}
		const between = lines.splice(2);
		expect(told()).toEqual(["work queue error", "the database takes no writes"]);
		expect(lines[1]?.facts).toMatchObject({ code: "database-away", err: { code: "ECONNREFUSED" } });
		expect(between.length).toBeLessThanOrEqual(10);
		expect(new Set(between.map(({ message }) => message))).toEqual(
			new Set(["the database still takes no writes"]),
		);

		lines = [];
		probe = async () => {};
		await turn(5_000);
		expect(lines).toEqual([
			{
				level: "info",
				message: "the database takes writes again",
				facts: { code: "database-back", seconds: expect.any(Number), failures: 99 + 600 * 30 },
			},
		]);
		await turn(60_000);
		expect(lines).toHaveLength(1);
	});

	it("reminds of an outage every minute, and says how long it is and how much failed", async () => {
		probe = down;
		await availability.check();
		lines = [];
		fail(2);
		for (let ms = 3_000; ms < 60_000; ms += 3_000) await turn(3_000);
		expect(lines).toEqual([]);
		await turn(3_000);
		const reminder = (seconds: number) => ({
			level: "error",
			message: "the database still takes no writes",
			facts: {
				code: "database-away",
				err: expect.objectContaining({ code: "ECONNREFUSED" }),
				seconds,
				failures: 2,
			},
		});
		expect(lines).toEqual([reminder(60)]);
		await turn(60_000);
		expect(lines).toEqual([reminder(60), reminder(120)]);
		probe = async () => {};
		await turn(3_000);
		expect(lines.at(-1)?.facts).toMatchObject({ seconds: 123, failures: 2 });
	});

	it("asks every three seconds while the database is away, however often others ask", async () => {
		probe = down;
		await availability.check();
		await turn(2_000);
		await availability.check();
		expect(probes).toBe(2);
		await turn(2_999);
		expect(probes).toBe(2);
		await turn(1);
		expect(probes).toBe(3);
	});

	it("says what was missing when the answer is late", async () => {
		probe = hang;
		const asked = availability.check();
		await turn(2_000);
		await asked;
		expect(lines).toEqual([
			{
				level: "error",
				message: "the database takes no writes",
				facts: { code: "database-away", err: new Error("no answer within 2000 ms") },
			},
		]);
	});

	it("leaves no timer running once the database answered", async () => {
		await availability.check();
		expect(jest.getTimerCount()).toBe(0);
	});

	it("finds out by itself that the database is back, although nobody asks", async () => {
		probe = down;
		await availability.check();
		probe = async () => {};
		await turn(5_000);
		expect(told()).toEqual(["the database takes no writes", "the database takes writes again"]);
	});

	it("holds no failure back when the database is fine", async () => {
		fail(3);
		await turn(0);
		expect(lines.map(({ facts }) => (facts.err as Error).message)).toEqual([
			"failure 0",
			"failure 1",
			"failure 2",
		]);
		expect(lines[0]).toMatchObject({
			level: "error",
			message: "work queue error",
			facts: { queue: "answer" },
		});
		lines = [];
		fail(100);
		await turn(0);
		expect(lines).toHaveLength(22);
		expect(lines.at(-1)).toMatchObject({
			message: "further failures of the same moment",
			facts: { code: "database-failures", count: 79 },
		});
	});

	it("tells twenty more failures of the same moment one by one, and counts none", async () => {
		fail(21);
		await turn(0);
		expect(told()).toEqual(Array(21).fill("work queue error"));
	});

	it("asks no more once it was stopped", async () => {
		probe = down;
		await availability.check();
		availability.stop();
		await turn(60_000);
		expect(probes).toBe(1);
	});

	it("asks no more even when it was stopped in the middle of a question", async () => {
		probe = hang;
		const asked = availability.check();
		availability.stop();
		await turn(2_000);
		expect(await asked).toBe(false);
		await turn(60_000);
		expect(probes).toBe(1);
		expect(jest.getTimerCount()).toBe(0);
	});
});
