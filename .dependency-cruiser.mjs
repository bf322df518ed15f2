/** Libraries, and the only folders that may know them. */
const HOMES = [
	["bot-sdk", "botbuilder|botbuilder-.+|botframework-.+|@microsoft/teams-ai", "teams"],
	["restify", "restify|restify-.+", "http"],
	["card-templating", "adaptivecards-templating|adaptive-expressions", "cards"],
	["database-drivers", "pg|@electric-sql/.+", "store"],
	["pg-boss", "pg-boss", "store|work"],
	// The credential is made in identity, and handed by compose to those who ask for tokens.
	["msal", "@azure/msal-.+", "identity"],
	["credential", "@azure/identity", "identity|graph|teams|compose"],
	["csv", "csv-.+", "audit"],
	["pino", "pino|pino-.+", "telemetry"],
];
const library = (names) => `^(node_modules/)?(${names})(/|$)`;
const rule = (name, from, to) => ({ name, severity: "error", from, to });

/** What may import what: core <- app <- everything else <- compose <- main. */
export default {
	forbidden: [
		rule("core-knows-only-itself", { path: "^src/core/" }, { path: "^src/", pathNot: "^src/core/" }),
		rule("app-knows-only-core", { path: "^src/app/" }, { path: "^src/", pathNot: "^src/(core|app)/" }),
		rule("core-and-app-do-no-io", { path: "^src/(core|app)/" }, { dependencyTypes: ["core"] }),
		rule(
			"core-and-app-use-pure-libraries",
			{ path: "^src/(core|app)/" },
			{ path: "^node_modules/", pathNot: library("entities|leven|p-retry") },
		),
		rule("http-knows-nothing-of-the-bot", { path: "^src/http/" }, { path: "^src/", pathNot: "^src/http/" }),
		rule("folders-know-nothing-of-compose", { path: "^src/.+/" }, { path: "^src/[^/]+$" }),
		rule("nobody-imports-main", {}, { path: "^src/(main|audit-command)\\." }),
		rule(
			"src-stands-alone",
			{ path: "^src/" },
			{ pathNot: "^(src|cards|node_modules)/", dependencyTypesNot: ["core"] },
		),
		rule("sandbox-plays-microsoft-alone", { path: "^sandbox/" }, { path: "^(src|test|\\.ci)/" }),
		// The bench, for example, compares with a bot that uses the Graph client.
		rule("src-imports-what-is-shipped", { path: "^src/" }, { dependencyTypes: ["npm-dev"] }),
		rule("no-circle", {}, { circular: true }),
		rule(
			"unused",
			{ path: "^src/(main|audit-command)\\." },
			{ path: "^src/", pathNot: "\\.d\\.ts$|^src/(main|audit-command)\\.", reachable: false },
		),
		...HOMES.map(([name, names, homes]) =>
			rule(
				`${name}-only-in-${homes.replaceAll("|", "-")}`,
				{ path: "^src/", pathNot: `^src/(${homes})[/.]` },
				{ path: library(names) },
			),
		),
	],
	options: {
		// TypeScript 7 gives other programs no syntax tree. Here types count as imports like everything else.
		parser: "swc",
		doNotFollow: { path: "^node_modules/" },
		enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
	},
};
