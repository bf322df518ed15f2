import { describe, expect, it } from "@jest/globals";
import { cancellation, lockLast, TOO_LATE, useStore, uuid } from "../records.js";

describe("cancellations", () => {
	const { inStore, database } = useStore();

	it("are kept whole", async () => {
		const record = cancellation(1);
		expect(await inStore((tx) => tx.cancellation(uuid(1)))).toBeUndefined();
		expect(await inStore((tx) => tx.insertCancellation(record))).toBe(true);
		expect(await inStore((tx) => tx.cancellation(uuid(1)))).toEqual(record);
		expect(await inStore((tx) => tx.lockCancellation(uuid(1)))).toEqual(record);
		expect(await inStore((tx) => tx.lockOpenCancellation("t", "job-1"))).toEqual(record);
	});

	it("are found by their receipt or their id, of one tenant", async () => {
		const record = { ...cancellation(103), receipt: "RC-ABC123" };
		await inStore((tx) => tx.insertCancellation(record));
		const find = (reference: string, tenant = "t") => inStore((tx) => tx.findCancellation(tenant, reference));
		expect(await find("rc-abc123")).toEqual(record);
		expect(await find(uuid(103))).toEqual(record);
		expect(await find("RC-ABC124")).toBeUndefined();
		expect(await find("RC-ABC123", "another")).toBeUndefined();
	});

	it("that wait for approval are open, and listed from the oldest", async () => {
		const waiting = (n: number, openedAt: string) =>
			({ ...cancellation(n), state: "awaiting-approval", openedAt }) as const;
		await inStore((tx) => tx.insertCancellation(waiting(121, "2026-11-23T04:00:00Z")));
		await inStore((tx) => tx.insertCancellation(waiting(122, "2026-11-23T03:00:00Z")));
		expect(await inStore((tx) => tx.insertCancellation(cancellation(123, "job-121")))).toBe(false);
		const listed = await inStore((tx) => tx.waitingCancellations("t"));
		expect(listed.map(({ receipt }) => receipt)).toEqual(["RC-122", "RC-121"]);
		expect(await inStore((tx) => tx.waitingCancellations("another"))).toEqual([]);
	});

	it("that were rejected are found by their job, the latest of them", async () => {
		const rejected = (n: number, endedAt: string) =>
			({ ...cancellation(n, "job-131"), state: "rejected", endedAt }) as const;
		await inStore((tx) => tx.insertCancellation(rejected(131, "2026-11-23T04:00:00Z")));
		await inStore((tx) => tx.insertCancellation(rejected(132, "2026-11-23T03:00:00Z")));
		expect(await inStore((tx) => tx.lastRejected("t", "job-131"))).toMatchObject({ receipt: "RC-131" });
		expect(await inStore((tx) => tx.lastRejected("t", "job-30"))).toBeUndefined();
	});

	it("are kept beside what is searched for", async () => {
		const record = cancellation(2);
		await inStore((tx) => tx.insertCancellation(record));
		await inStore((tx) => tx.saveCancellation({ ...record, state: "stopping", version: 2 }));
		const [row] = await database().transaction((sql) =>
			sql.query(
				"select receipt, tenant_id, job_id, state, version, record->>'state' as inside from cancellations where id = $1",
				[uuid(2)],
			),
		);
		expect(row).toEqual({
			receipt: "RC-2",
			tenant_id: "t",
			job_id: "job-2",
			state: "stopping",
			version: 2,
			inside: "stopping",
		});
	});

	it("are open at most once for a job, even when they are opened at the same moment", async () => {
		const opened = await Promise.all(
			[10, 11, 12].map((n) => inStore((tx) => tx.insertCancellation(cancellation(n, "job-10")))),
		);
		expect(opened.filter(Boolean)).toHaveLength(1);
	});

	it("are of one tenant: the same job elsewhere is another one", async () => {
		const elsewhere = { ...cancellation(13, "job-13"), tenantId: "elsewhere" };
		await inStore((tx) => tx.insertCancellation(elsewhere));
		expect(await inStore((tx) => tx.lockOpenCancellation("t", "job-13"))).toBeUndefined();
		expect(await inStore((tx) => tx.insertCancellation(cancellation(14, "job-13")))).toBe(true);
	});

	it("that are open are found for many jobs at once, and only of this tenant", async () => {
		const here = [cancellation(15, "job-15"), cancellation(16, "job-16"), cancellation(17, "job-17")];
		for (const record of here) await inStore((tx) => tx.insertCancellation(record));
		const [, , ended] = here;
		if (ended) await inStore((tx) => tx.saveCancellation({ ...ended, state: "refused", version: 2 }));
		const elsewhere = { ...cancellation(18, "job-16"), tenantId: "elsewhere" };
		await inStore((tx) => tx.insertCancellation(elsewhere));
		const open = await inStore((tx) => tx.openCancellations("t", ["job-15", "job-16", "job-17", "job-x"]));
		expect(open.map(({ jobId }) => jobId).sort()).toEqual(["job-15", "job-16"]);
		expect(await inStore((tx) => tx.openCancellations("t", []))).toEqual([]);
	});

	it("can be opened anew once the first has ended", async () => {
		const first = cancellation(20, "job-20");
		await inStore((tx) => tx.insertCancellation(first));
		await inStore((tx) => tx.saveCancellation({ ...first, state: "refused", version: 2 }));
		expect(await inStore((tx) => tx.lockOpenCancellation("t", "job-20"))).toBeUndefined();
		expect(await inStore((tx) => tx.insertCancellation(cancellation(21, "job-20")))).toBe(true);
	});

	it("are never saved over a newer version", async () => {
		const record = cancellation(30);
		await inStore((tx) => tx.insertCancellation(record));
		await inStore((tx) => tx.saveCancellation({ ...record, version: 2 }));
		const again = inStore((tx) => tx.saveCancellation({ ...record, version: 2 }));
		await expect(again).rejects.toThrow(`cancellation ${uuid(30)} is not at version 1 any more`);
	});

	it("are locked before messages, and count as held when they were found by their job", async () => {
		const record = cancellation(40);
		await inStore((tx) => tx.insertCancellation(record));
		const saved = inStore(async (tx) => {
			await tx.lockOpenCancellation("t", "job-40");
			await lockLast(tx);
			await tx.lockOpenCancellation("t", "job-40");
			await tx.saveCancellation({ ...record, version: 2 });
		});
		await expect(saved).resolves.toBeUndefined();
		const another = inStore(async (tx) => {
			await tx.lockOpenCancellation("t", "job-40");
			await lockLast(tx);
			await tx.lockOpenCancellation("t", "job-that-nobody-cancels");
		});
		await expect(another).rejects.toThrow(TOO_LATE);
	});
});
