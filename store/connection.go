package store

/*
#include "connection.h"
#include <stdlib.h>
*/
import "C"

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime/cgo"
	"unsafe"

	"github.com/mattn/go-sqlite3"
)

// connection is a connection to the database. It belongs to one goroutine at a time.
//
// A statement takes one call into C, with its values and all of its rows. A driver of database/sql makes a call for each row, and an
// allocation for nearly each value.
type connection struct {
	db       *C.sqlite3
	prepared map[string]*prepared
	uses     int // of statements, so far
	buffer   *C.chunk
	values   []byte // room for those of a statement
	asker    cgo.Handle
	asks     context.Context // who waits for what is under way
}

// prepared is a statement that is kept for the next time.
type prepared struct {
	handle  *C.sqlite3_stmt
	columns []string
	values  int  // how many it takes
	running bool // its rows are being taken
	used    int  // when it was used last
}

const (
	// maxPrepared is how many statements a connection keeps at most.
	maxPrepared = 100
	// keptChunk is how much memory for rows it keeps, and for values.
	keptChunk = 1 << 20
	// busyMilliseconds is how long it waits for another one that writes.
	busyMilliseconds = C.BUSY_MILLISECONDS
)

// openReading opens the database, which is there, with a connection that can't write.
func openReading(path string) (*connection, error) {
	return openConnection(path, C.READONLY, readingPragmas)
}

// openWriting opens the database, which is there, with the connection that writes.
func openWriting(path string) (*connection, error) {
	return openConnection(path, C.READWRITE, writingPragmas)
}

func openConnection(path string, mode C.int, ownPragmas string) (*connection, error) {
	c := &connection{prepared: map[string]*prepared{}, asks: context.Background(), values: make([]byte, 0, 256)}
	c.buffer = (*C.chunk)(C.calloc(1, C.sizeof_chunk))
	c.asker = cgo.NewHandle(c)
	name, set := C.CString(path), C.CString(ownPragmas+pragmas)
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(set))
	if code := C.open_connection(name, mode, set, C.uintptr_t(c.asker), &c.db); code != C.OK {
		err := c.fault(code)
		c.close()
		return nil, err
	}
	return c, nil
}

// builtWith tells whether SQLite was built with an option.
func builtWith(option string) bool {
	name := C.CString(option)
	defer C.free(unsafe.Pointer(name))
	return C.sqlite3_compileoption_used(name) != 0
}

// connectionStopped tells SQLite whether nobody waits any more for what it does.
//
//export connectionStopped
func connectionStopped(asker C.uintptr_t) C.int {
	if cgo.Handle(asker).Value().(*connection).asks.Err() != nil {
		return 1
	}
	return 0
}

func (c *connection) close() {
	for _, statement := range c.prepared {
		C.sqlite3_finalize(statement.handle)
	}
	C.sqlite3_close(c.db)
	C.release_chunk(c.buffer)
	C.free(unsafe.Pointer(c.buffer))
	c.asker.Delete()
}

// fault returns what SQLite says of a code that it just answered with.
func (c *connection) fault(code C.int) error {
	return fmt.Errorf("%w: %s", sqlite3.Error{Code: sqlite3.ErrNo(code & 0xff), ExtendedCode: sqlite3.ErrNoExtended(code)}, C.GoString(C.sqlite3_errmsg(c.db)))
}

// prepare returns the statement of a query.
func (c *connection) prepare(query string) (*prepared, error) {
	c.uses++
	if kept, ok := c.prepared[query]; ok {
		kept.used = c.uses
		return kept, nil
	}
	text := C.CString(query)
	defer C.free(unsafe.Pointer(text))
	made := &prepared{used: c.uses}
	if code := C.sqlite3_prepare_v3(c.db, text, C.int(len(query)), C.PERSISTENT, &made.handle, nil); code != C.OK {
		return nil, c.fault(code)
	}
	if made.handle == nil {
		return nil, errors.New("a query without a statement")
	}
	made.values = int(C.sqlite3_bind_parameter_count(made.handle))
	made.columns = make([]string, C.sqlite3_column_count(made.handle))
	for i := range made.columns {
		made.columns[i] = C.GoString(C.sqlite3_column_name(made.handle, C.int(i)))
	}
	if len(c.prepared) >= maxPrepared {
		c.forget()
	}
	c.prepared[query] = made
	return made, nil
}

// forget lets go of the statement that was not used for the longest time.
func (c *connection) forget() {
	var oldest string
	first := c.uses
	for query, statement := range c.prepared {
		if statement.used < first && !statement.running {
			oldest, first = query, statement.used
		}
	}
	if statement, ok := c.prepared[oldest]; ok {
		C.sqlite3_finalize(statement.handle)
		delete(c.prepared, oldest)
	}
}

// run runs a statement, calls take for each row, and returns how many rows were changed. With the arguments of several runs it runs
// as often.
func (c *connection) run(ctx context.Context, query string, args []any, take func(*row) error) (changed int64, err error) {
	statement, err := c.prepare(query)
	if err != nil {
		return 0, err
	}
	switch {
	case statement.running:
		return 0, fmt.Errorf("within the rows of a query it was run once more: %s", query)
	case !statement.takes(len(args)):
		return 0, fmt.Errorf("%d values for %d question marks: %s", len(args), statement.values, query)
	}
	values, err := appendValues(c.values[:0], args)
	if err != nil {
		return 0, err
	}
	if cap(values) <= keptChunk {
		c.values = values
	}
	outer := c.asks
	c.asks, statement.running = ctx, true
	code := C.int(C.ROW)
	defer func() {
		c.asks, statement.running = outer, false
		if code == C.ROW {
			C.end_statement(statement.handle)
		}
		if c.buffer.room > keptChunk {
			C.release_chunk(c.buffer)
		}
	}()
	begin := (*C.uchar)(unsafe.SliceData(values))
	for row := (row{columns: statement.columns}); code == C.ROW; begin = nil {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		code = C.run_statement(statement.handle, c.buffer, begin, C.size_t(len(values)))
		switch {
		case code == C.ROW || code == C.DONE:
		case ctx.Err() != nil:
			return 0, ctx.Err()
		default:
			return 0, c.fault(code)
		}
		changed = int64(c.buffer.changes)
		if c.buffer.used == 0 || take == nil {
			continue
		}
		// Rows are cut out of the copy, which nothing else is ever written to.
		for chunk := C.GoBytes(unsafe.Pointer(c.buffer.data), C.int(c.buffer.used)); len(chunk) > 0; {
			size := 4 + binary.NativeEndian.Uint32(chunk)
			row.begin(chunk[4:size])
			chunk = chunk[size:]
			if err := take(&row); err != nil {
				return 0, err
			}
		}
	}
	return changed, nil
}

// exec runs a statement without arguments to its end, whoever waits.
func (c *connection) exec(query string) error {
	_, err := c.run(context.Background(), query, nil, nil)
	return err
}

// runOnce runs SQL that has neither arguments nor rows of interest, and is not kept.
func (c *connection) runOnce(sql string) error {
	text := C.CString(sql)
	defer C.free(unsafe.Pointer(text))
	if code := C.sqlite3_exec(c.db, text, nil, nil, nil); code != C.OK {
		return c.fault(code)
	}
	return nil
}

// pagesWritten returns how many pages the connection wrote to the log.
func (c *connection) pagesWritten() int {
	var now, most C.int
	C.sqlite3_db_status(c.db, C.CACHE_WRITE, &now, &most, 0)
	return int(now)
}

// waitFor sets how long a statement waits for another connection that writes.
func (c *connection) waitFor(milliseconds int) { C.sqlite3_busy_timeout(c.db, C.int(milliseconds)) }

// takes tells whether a statement can be run with so many values, once or more often.
func (p *prepared) takes(values int) bool {
	if p.values == 0 {
		return values == 0
	}
	return values > 0 && values%p.values == 0
}
