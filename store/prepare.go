package store

/*
// The two functions of SQLite's that the driver does not offer; it brings them, and no header.
typedef struct sqlite3 sqlite3;
extern int sqlite3_auto_extension(void (*opened)(void));
extern int sqlite3_db_config(sqlite3 *db, int option, ...);

#define ENABLE_QPSG 1007

static int keep_plans(sqlite3 *db, char **message, const void *api) {
	(void)message;
	(void)api;
	return sqlite3_db_config(db, ENABLE_QPSG, 1, (int *)0);
}

static int keep_plans_of_all(void) { return sqlite3_auto_extension((void (*)(void))keep_plans); }
*/
import "C"

import "fmt"

// SQLite otherwise looks at the values of arguments when it plans, and plans every statement anew each time that it runs:
// two thirds of the time of a short one. Its query planner stability guarantee ends that. No statement gains by a plan for
// its very arguments, since each names the one index that it is for.
func init() {
	if code := C.keep_plans_of_all(); code != 0 {
		panic(fmt.Sprintf("SQLite refused to keep plans, with code %d", code))
	}
}
