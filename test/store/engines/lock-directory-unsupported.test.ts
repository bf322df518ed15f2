import { expect, it } from "@jest/globals";
import { lockDirectory } from "../../../src/store/engines/lock-directory.js";

it("a machine for which there is no lock is told of, with what to use instead", async () => {
	const cause = new Error("no build of it for this machine");
	await expect(lockDirectory("/never/made", () => Promise.reject(cause))).rejects.toMatchObject({
		code: "embedded-database-unsupported",
		settings: ["DATABASE_URL"],
		message: expect.stringMatching(/made for Linux with glibc.*use a PostgreSQL server with DATABASE_URL/u),
		cause,
	});
});
