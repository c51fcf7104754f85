// Command pocketbase is PocketBase as a library, which Headwater is measured against over REST: with go-sqlite3 in place of its own driver,
// which is faster, writes that survive a power cut, no log of requests, and an index for everything that is asked.
//
//	pocketbase fill DIR FILE   makes its data folder of the peers' file
//	pocketbase serve DIR
package main

import (
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"log"
	"net"
	"os"
	"time"

	"github.com/mattn/go-sqlite3"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // the system's tables
)

const driver = "pocketbase-sqlite3"

// init registers the driver as PocketBase's guide has it, with its pragmas but for synchronous, which it has at NORMAL.
func init() {
	sql.Register(driver, &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		_, err := conn.Exec(`PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 200000000; PRAGMA synchronous = FULL;
			PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000; PRAGMA mmap_size = 1073741824`, nil)
		return err
	}})
	dbx.BuilderFuncMap[driver] = dbx.BuilderFuncMap["sqlite3"]
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: pocketbase fill DIR FILE, or pocketbase serve DIR")
	}
	app := core.NewBaseApp(core.BaseAppConfig{
		DataDir:   args[1],
		DBConnect: func(path string) (*dbx.DB, error) { return dbx.Open(driver, path) },
	})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if args[0] == "fill" {
		if err := app.RunAllMigrations(); err != nil {
			return err
		}
		return fill(app, args[2])
	}
	countViews(app)
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		var err error
		if e.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return err
		}
		e.InstallerFunc = nil
		fmt.Printf("http://%s\n", e.Listener.Addr())
		return e.Next()
	})
	return apis.Serve(app, apis.ServeConfig{HttpAddr: "127.0.0.1:0"})
}

// countViews rolls up every view that is recorded, in the transaction that records it.
func countViews(app core.App) {
	app.OnRecordCreateRequest("views").BindFunc(func(e *core.RecordRequestEvent) error {
		hash := fnv.New64a()
		hash.Write([]byte(e.Request.Header.Get("X-Forwarded-For") + e.Request.UserAgent()))
		e.Record.Set("visitor", fmt.Sprintf("%016x", hash.Sum64()))
		e.Record.Set("day", time.Now().Unix()/(24*60*60))
		return e.Next()
	})
	app.OnRecordCreateExecute("views").BindFunc(func(e *core.RecordEvent) error {
		outside := e.App
		defer func() { e.App = outside }()
		return outside.RunInTransaction(func(tx core.App) error {
			e.App = tx
			params := dbx.Params{"post": e.Record.GetString("post"), "day": e.Record.GetInt("day"), "visitor": e.Record.GetString("visitor")}
			var seen bool
			if err := tx.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM views WHERE post = {:post} AND day = {:day} AND visitor = {:visitor})`).
				Bind(params).Row(&seen); err != nil {
				return err
			}
			if err := e.Next(); err != nil {
				return err
			}
			params["fresh"] = !seen
			for _, query := range []string{
				`INSERT INTO post_days (id, post, day, views, visitors) VALUES ('d' || lower(hex(randomblob(7))), {:post}, {:day}, 1, {:fresh})
				ON CONFLICT (post, day) DO UPDATE SET views = views + 1, visitors = visitors + excluded.visitors`,
				`UPDATE posts SET views = views + 1 WHERE id = {:post}`,
			} {
				if _, err := tx.DB().NewQuery(query).Bind(params).Execute(); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
