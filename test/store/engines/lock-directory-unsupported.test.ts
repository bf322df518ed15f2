import { expect, it, jest } from "@jest/globals";

const cause = new Error("no build of it for this machine");
jest.unstable_mockModule("fs-native-extensions", () => {
	throw cause;
});

it("a machine for which there is no lock is told of, with what to use instead", async () => {
	const { lockDirectory } = await import("../../../src/store/engines/lock-directory.js");
	await expect(lockDirectory("/never/made")).rejects.toMatchObject({
		code: "embedded-database-unsupported",
		settings: ["DATABASE_URL"],
		message: expect.stringMatching(/made for Linux with glibc.*use a PostgreSQL server with DATABASE_URL/u),
		cause,
	});
});
