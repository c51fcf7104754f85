package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The peers stand in folders of their own below peers, with modules of their own.

func prepareGqlgen(ctx context.Context, b *bench) ([]string, error) {
	return b.prepareGoPeer(ctx, gqlgen)
}

func (b *bench) prepareGoPeer(ctx context.Context, name string) ([]string, error) {
	program, err := b.build(ctx, filepath.Join("bench/peers", name), ".", name, "sqlite_fts5")
	if err != nil {
		return nil, err
	}
	data, err := b.peerData(name)
	return []string{program, data}, err
}

func prepareMercurius(_ context.Context, b *bench) ([]string, error) {
	dir := filepath.Join(b.root, "bench/peers/mercurius")
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("it needs Node 20 or later: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		return nil, errors.New("its packages are needed: (cd bench/peers/mercurius && npm ci)")
	}
	data, err := b.peerData(mercurius)
	return []string{node, filepath.Join(dir, "server.js"), data}, err
}
