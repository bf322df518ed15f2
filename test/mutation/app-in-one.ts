/** The tests of `test/app` as one file, so that each changed source opens one database and not four. */
import "../app/cancel.test.js";
import "../app/crash.test.js";
import "../app/deliver.test.js";
import "../app/press.test.js";
