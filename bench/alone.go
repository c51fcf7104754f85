package main

import (
	"fmt"

	"headwater/bench/sqlite"
)

// alone are the statements of the workloads that SQLite is measured with alone.
var alone = map[string][]sqlite.Statement{
	"Q2": {{SQL: sqlFeed, Child: sqlTags}},
	"Q3": {{SQL: sqlPost, Child: sqlTags}},
	"Q4": {{SQL: sqlDays}},
	"Q5": {{SQL: sqlDays}, {SQL: sqlTop}},
	"Q6": {{SQL: sqlPage}},
}

// measureSQLite takes the time of SQLite alone, in C on the servers' core, as the figures of one more server.
func (b *bench) measureSQLite(w workload) error {
	statements := alone[w.name]
	if statements == nil {
		return nil
	}
	var all []sqlite.Args
	for _, p := range places(b.size, peersCatalogue(b.size), b.end) {
		args, err := sqlArgs(w, p)
		if err != nil {
			return err
		}
		all = append(all, args)
	}
	for range b.count {
		err := b.on.onServerCore(func() error {
			took, err := sqlite.Time(b.data.peers, statements, all, b.long)
			b.keep(w, sqliteInC, figures{cpu: milliseconds(took)})
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", sqliteInC, err)
		}
	}
	return nil
}

// peersCatalogue is where each page begins in the peers' data, as the floors have it.
func peersCatalogue(size size) catalogue {
	known := catalogue{cursors: []string{cursorAt(size.posts)}}
	for last := size.posts - 20; last > 0; last -= 20 {
		known.cursors = append(known.cursors, cursorAt(last))
	}
	return known
}

// cursorAt is the cursor behind which post is the next: keys of posts begin with one, their numbers with zero.
func cursorAt(post int) string { return fmt.Sprintf("%d-%d", publishedAt(post), post+1) }

// sqlArgs returns the arguments of a workload's statements.
func sqlArgs(w workload, p place) (args sqlite.Args, err error) {
	args.Text = p.slug
	switch w.name {
	case "Q2":
		_, err = fmt.Sscanf(p.after, "%d-%d", &args.A, &args.B)
	case "Q6":
		_, err = fmt.Sscanf(p.afterAll, "%d-%d", &args.A, &args.B)
	default:
		args.A, args.B, err = p.days()
	}
	return args, err
}
