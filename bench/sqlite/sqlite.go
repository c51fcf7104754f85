// Package sqlite steps through statements in C, as nothing that asks SQLite for rows can do faster.
package sqlite

/*
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

// The library is go-sqlite3's, which has no header to include.
typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
extern int sqlite3_open_v2(const char *, sqlite3 **, int, const char *);
extern int sqlite3_close(sqlite3 *);
extern int sqlite3_exec(sqlite3 *, const char *, void *, void *, void *);
extern int sqlite3_prepare_v3(sqlite3 *, const char *, int, unsigned, sqlite3_stmt **, void *);
extern int sqlite3_bind_int64(sqlite3_stmt *, int, int64_t);
extern int sqlite3_bind_text(sqlite3_stmt *, int, const char *, int, void *);
extern int sqlite3_step(sqlite3_stmt *);
extern int sqlite3_reset(sqlite3_stmt *);
extern int sqlite3_finalize(sqlite3_stmt *);
extern int sqlite3_column_count(sqlite3_stmt *);
extern int64_t sqlite3_column_int64(sqlite3_stmt *, int);
extern const unsigned char *sqlite3_column_text(sqlite3_stmt *, int);
extern int sqlite3_column_bytes(sqlite3_stmt *, int);
extern int sqlite3_column_type(sqlite3_stmt *, int);

enum { open_readonly = 1, row = 100, integer = 1, persistent = 1 };

// read_row reads every column, and returns how much that was.
static int64_t read_row(sqlite3_stmt *stmt, int columns) {
	int64_t read = 0;
	for (int i = 0; i < columns; i++) {
		if (sqlite3_column_type(stmt, i) == integer) {
			read += sqlite3_column_int64(stmt, i) != 0;
		} else if (sqlite3_column_text(stmt, i)) {
			read += sqlite3_column_bytes(stmt, i);
		}
	}
	return read;
}

// read_all runs the statement with its arguments, and the child, where there is one, with the first column of each row.
static int64_t read_all(sqlite3_stmt *stmt, sqlite3_stmt *child, const char *text, int64_t a, int64_t b) {
	sqlite3_bind_text(stmt, 1, text, -1, NULL);
	sqlite3_bind_int64(stmt, 2, a);
	sqlite3_bind_int64(stmt, 3, b);
	int columns = sqlite3_column_count(stmt);
	int64_t read = 0;
	while (sqlite3_step(stmt) == row) {
		read += 1 + read_row(stmt, columns);
		if (child) {
			sqlite3_bind_int64(child, 1, sqlite3_column_int64(stmt, 0));
			int child_columns = sqlite3_column_count(child);
			while (sqlite3_step(child) == row) read += read_row(child, child_columns);
			sqlite3_reset(child);
		}
	}
	sqlite3_reset(stmt);
	return read;
}

// cpu_seconds is what the thread has used.
static double cpu_seconds(void) {
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}
*/
import "C"

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"

	_ "github.com/mattn/go-sqlite3" // the library
)

// Statement is one with up to three parameters: a text and two numbers, as ?1, ?2 and ?3. Child, where there is one, is run for each row,
// with that row's first column as its only parameter.
type Statement struct{ SQL, Child string }

// Args are the arguments of one run of every statement.
type Args struct {
	Text string
	A, B int64
}

// Time runs the statements with all the arguments in turn, over and over for about as long as given, and returns how much of the processor's
// time one run of them all took. Every column of every row is read; a run that reads nothing is an error.
func Time(file string, statements []Statement, args []Args, long time.Duration) (time.Duration, error) {
	runtime.LockOSThread() // whose time is taken
	defer runtime.UnlockOSThread()
	var db *C.sqlite3
	name := C.CString(file)
	defer C.free(unsafe.Pointer(name))
	if code := C.sqlite3_open_v2(name, &db, C.open_readonly, nil); code != 0 {
		return 0, fmt.Errorf("open %s: %d", file, code)
	}
	defer C.sqlite3_close(db)
	tuned := C.CString("PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -65536")
	defer C.free(unsafe.Pointer(tuned))
	C.sqlite3_exec(db, tuned, nil, nil, nil)

	prepared := make([][2]*C.sqlite3_stmt, len(statements))
	for i, statement := range statements {
		for k, text := range []string{statement.SQL, statement.Child} {
			if text == "" {
				continue
			}
			query := C.CString(text)
			defer C.free(unsafe.Pointer(query))
			if code := C.sqlite3_prepare_v3(db, query, -1, C.persistent, &prepared[i][k], nil); code != 0 {
				return 0, fmt.Errorf("prepare %s: %d", text, code)
			}
			defer C.sqlite3_finalize(prepared[i][k])
		}
	}
	texts := make([]*C.char, len(args))
	for i, arg := range args {
		texts[i] = C.CString(arg.Text)
		defer C.free(unsafe.Pointer(texts[i]))
	}
	runs, begin := 0, C.cpu_seconds()
	for end := time.Now().Add(long); runs == 0 || time.Now().Before(end); runs++ {
		arg := runs % len(args)
		for _, statement := range prepared {
			if C.read_all(statement[0], statement[1], texts[arg], C.int64_t(args[arg].A), C.int64_t(args[arg].B)) == 0 {
				return 0, fmt.Errorf("nothing was read with %v", args[arg])
			}
		}
	}
	return time.Duration(float64(C.cpu_seconds()-begin) * float64(time.Second) / float64(runs)), nil
}
