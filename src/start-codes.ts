import { ConfigError } from "./config.js";
import { ListenProblem } from "./http/listen-problem.js";
import { EnvFileUnreadable } from "./load-env-file.js";
import {
	DataDirectoryInUse,
	DataDirectoryUnusable,
	EmbeddedDatabaseUnsupported,
} from "./store/engines/lock-directory.js";
import { EmbeddedDatabaseUnusable } from "./store/engines/open-pglite.js";
import { DatabaseProblem, deniedByPostgres } from "./store/engines/reach-postgres.js";
import { DatabaseNewer } from "./store/schema.js";

const PROBLEMS = [
	ConfigError,
	EnvFileUnreadable,
	DataDirectoryInUse,
	DataDirectoryUnusable,
	EmbeddedDatabaseUnsupported,
	EmbeddedDatabaseUnusable,
	DatabaseProblem,
	DatabaseNewer,
	ListenProblem,
] as const;

/** Why the bot does not start, for those who run it; everything else is a fault of the bot. */
export type StartProblem = InstanceType<(typeof PROBLEMS)[number]>;

/** The codes with which a start may end; each has its row in the README. */
export const START_CODES = Object.keys({
	"settings-invalid": true,
	"settings-file-unreadable": true,
	"data-directory-in-use": true,
	"data-directory-unusable": true,
	"embedded-database-unsupported": true,
	"embedded-database-unusable": true,
	"database-unreachable": true,
	"database-refused": true,
	"database-newer": true,
	"port-in-use": true,
	"port-forbidden": true,
	"address-unavailable": true,
	"start-failed": true,
} satisfies Record<StartProblem["code"] | "start-failed", true>);

/** The problem that an error of the start stands for; `undefined` for a fault of the bot. */
export function startProblem(error: unknown): StartProblem | undefined {
	if (PROBLEMS.some((problem) => error instanceof problem)) return error as StartProblem;
	return deniedByPostgres(error);
}
