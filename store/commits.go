package store

/*
#include <stdlib.h>

// What of SQLite the driver does not offer; it brings it, and no header.
typedef struct sqlite3 sqlite3;
typedef struct sqlite3_file sqlite3_file;
extern int sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs);
extern int sqlite3_exec(sqlite3 *db, const char *sql, void *row, void *argument, char **message);
extern int sqlite3_file_control(sqlite3 *db, const char *name, int operation, void *argument);
extern int sqlite3_busy_timeout(sqlite3 *db, int milliseconds);
extern int sqlite3_close(sqlite3 *db);

// The methods of a file, up to the one that maps a part of the shared index of the write-ahead log.
struct methods {
	int version;
	void *others[12];
	int (*map)(sqlite3_file *file, int part, int size, int extend, void volatile **mapped);
};
struct sqlite3_file {
	const struct methods *methods;
};

#define READONLY 0x1
#define FILE_POINTER 7
#define INDEX_PART 32768

static int open_index(const char *path, sqlite3 **db, void volatile **index) {
	sqlite3_file *file = 0;
	int code = sqlite3_open_v2(path, db, READONLY, 0);
	if (code == 0) code = sqlite3_busy_timeout(*db, 5000);
	if (code == 0) code = sqlite3_exec(*db, "SELECT 1 FROM sqlite_schema LIMIT 1", 0, 0, 0);
	if (code == 0) code = sqlite3_file_control(*db, "main", FILE_POINTER, &file);
	if (code == 0 && (file == 0 || file->methods == 0 || file->methods->version < 2)) return 1;
	if (code == 0) code = file->methods->map(file, 0, INDEX_PART, 0, index);
	if (code == 0 && *index == 0) return 1;
	return code;
}
*/
import "C"

import (
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"
)

// commits counts the commits of all processes, by reading the counter that SQLite keeps in the header of the shared index of the
// write-ahead log (https://www.sqlite.org/walformat.html: iChange, the third word), and tells how much of the log waits to be written
// back. A connection of its own keeps the index mapped.
type commits struct {
	mu     sync.RWMutex // held for reading while the counter is read: the index must not go meanwhile
	db     *C.sqlite3
	header *[headerWords]uint32 // nil once closed
}

// Where words stand in the header of the index.
const (
	commitsWord = 2  // iChange
	pagesWord   = 4  // mxFrame
	writtenWord = 24 // nBackfill, behind two copies of what is before it
	headerWords = 25
)

func openCommits(path string) (*commits, error) {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	opened := &commits{}
	var index unsafe.Pointer
	if code := C.open_index(name, &opened.db, &index); code != 0 {
		C.sqlite3_close(opened.db)
		return nil, fmt.Errorf("SQLite refused to show the index of its log, with code %d", code)
	}
	opened.header = (*[headerWords]uint32)(index)
	return opened, nil
}

func (c *commits) count() uint32 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.header == nil {
		return 0
	}
	return atomic.LoadUint32(&c.header[commitsWord])
}

// unwritten returns how many pages of the log were not yet written back.
func (c *commits) unwritten() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.header == nil {
		return 0
	}
	return int(atomic.LoadUint32(&c.header[pagesWord])) - int(atomic.LoadUint32(&c.header[writtenWord]))
}

func (c *commits) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.header != nil {
		C.sqlite3_close(c.db)
		c.db, c.header = nil, nil
	}
}
