package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/logic/webhook"
	"headwater/store"
)

// Settings are what every command has.
type Settings struct {
	Config    string `help:"Take settings from this JSON file." placeholder:"FILE"`
	Data      string `help:"The folder that everything is kept in; serve, import and site make it where it is not there." default:"data"`
	LogFormat string `help:"How the log is written: text, json, or auto for text on a terminal and JSON elsewhere." enum:"auto,text,json" default:"auto"`
	LogLevel  string `help:"What is logged: debug, info, warn or error, and what is worse." enum:"debug,info,warn,error" default:"info"`

	Storage storageFlags `embed:"" group:"Files in a bucket of an S3 server"`
}

// logger returns a logger that writes to standard error.
func (s *Settings) logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "text" || s.LogFormat == "auto" && isTerminal(os.Stderr) {
		return slog.New(slog.NewTextHandler(os.Stderr, options))
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, options))
}

func isTerminal(file *os.File) bool {
	return term.IsTerminal(int(file.Fd()))
}

// house is an open data folder with all that the program can do with it.
type house struct {
	store   *store.Store
	files   content.Files
	content *content.Service
	account *account.Service
	client  *client.Service
	metric  *metric.Service
	webhook *webhook.Service
}

// services is what the domains are told; commands that soon end tell them nothing.
type services struct {
	account account.Options
	content content.Options
	client  client.Options
	metric  metric.Options
	webhook webhook.Options
}

// serverNodes are the numbers that servers can have in the keys that they make. Commands that soon end draw one of the
// numbers behind them, so that they may run beside a server.
const serverNodes = logic.KeyNodes / 2

func commandNode() int { return serverNodes + rand.IntN(logic.KeyNodes-serverNodes) }

// open opens the data folder, making it where it is not there. Close the store when done. Node is the program's number in
// the keys that it makes.
func (s *Settings) open(ctx context.Context, logger *slog.Logger, node int, options services) (*house, error) {
	media, err := s.Storage.open(s.Data)
	if err != nil {
		return nil, err
	}
	opened, err := store.Open(ctx, store.Options{Dir: s.Data, Clock: logic.SystemClock, Node: node, Logger: logger})
	if err != nil {
		return nil, fmt.Errorf("the data folder %s: %w", s.Data, err)
	}
	options.content.Files, options.content.Scratch, options.content.Logger = media, s.Data, logger
	return &house{
		store:   opened,
		files:   media,
		content: content.New(opened.Content(), logic.SystemClock, opened.Keys(), options.content),
		account: account.New(opened.Account(), logic.SystemClock, opened.Keys(), options.account),
		client:  client.New(opened.Client(), logic.SystemClock, opened.Keys(), options.client),
		metric:  metric.New(opened.Metric(), logic.SystemClock, opened.Keys(), options.metric),
		webhook: webhook.New(opened.Webhook(), logic.SystemClock, opened.Keys(), options.webhook),
	}, nil
}

// run opens the data folder for a command that soon ends, and has it do what it is for. A folder that is not there is refused:
// made by a typing error it would look like one in which nobody is left.
func (s *Settings) run(ctx context.Context, do func(*house) error) error {
	return s.runWith(ctx, services{}, do)
}

// runWith is run for what tells the domains something.
func (s *Settings) runWith(ctx context.Context, options services, do func(*house) error) error {
	if !s.isThere() {
		return usageError{fmt.Errorf("there is no %s in the data folder %s. --data names another; headwater serve makes a new one, as does headwater site with what it is to change", store.FileName, s.Data)}
	}
	return s.openFor(ctx, options, do)
}

// isThere tells whether there is a data folder with something in it, or one that can't be looked into.
func (s *Settings) isThere() bool {
	_, err := os.Stat(filepath.Join(s.Data, store.FileName))
	return !errors.Is(err, fs.ErrNotExist)
}

// runOrMake is run for what makes the data folder where it is not there.
func (s *Settings) runOrMake(ctx context.Context, do func(*house) error) error {
	return s.openFor(ctx, services{}, do)
}

func (s *Settings) openFor(ctx context.Context, options services, do func(*house) error) error {
	house, err := s.open(ctx, s.logger(), commandNode(), options)
	if err != nil {
		return err
	}
	return errors.Join(do(house), house.store.Close())
}

// isEmpty tells whether there is no post in any state, and nothing was ever counted.
func (h *house) isEmpty(ctx context.Context) (bool, error) {
	filter := &content.PostFilter{
		Kind:   []content.PostKind{content.PostKindArticle, content.PostKindPage},
		Status: content.EveryStatus(),
	}
	query, err := h.content.PostQuery(ctx, filter, nil, logic.PageArgs{})
	if err != nil {
		return false, err
	}
	posts, err := h.content.CountPosts(ctx, []content.PostList{content.AllPosts}, query)
	if err != nil {
		return false, err
	}
	site, err := h.store.Metric().MetricSite(ctx)
	return posts[content.AllPosts] == 0 && site.FirstDay == nil, err
}
