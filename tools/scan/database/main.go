// Writes a vulnerability database for Trivy from a description in JSON, so that tests know what is in it.
//
//	scan-database FOLDER < description.json
//
// FOLDER receives trivy.db and metadata.json, the two files of the database's layer
// (https://github.com/aquasecurity/trivy-db). The same description gives the same bytes.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"time"

	"github.com/aquasecurity/trivy-db/pkg/db"
	"github.com/aquasecurity/trivy-db/pkg/metadata"
	"github.com/aquasecurity/trivy-db/pkg/types"
	bolt "go.etcd.io/bbolt"
)

// An advisory says which versions of a package a vulnerability is in. Source is the bucket: `debian 12`,
// `npm::GitHub Security Advisory npm`. Packages of Debian are named by their source package.
type advisory struct {
	Source   string         `json:"source"`
	Package  string         `json:"package"`
	ID       string         `json:"id"`
	Advisory types.Advisory `json:"advisory"`
}

type description struct {
	UpdatedAt       time.Time                      `json:"updatedAt"`
	NextUpdate      time.Time                      `json:"nextUpdate"`
	DownloadedAt    time.Time                      `json:"downloadedAt"`
	Sources         map[string]types.DataSource    `json:"sources"`
	Advisories      []advisory                     `json:"advisories"`
	Vulnerabilities map[string]types.Vulnerability `json:"vulnerabilities"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("usage: scan-database FOLDER < description.json")
	}
	folder := os.Args[1]
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	var wanted description
	if err := decoder.Decode(&wanted); err != nil {
		return fmt.Errorf("the description is not readable: %w", err)
	}
	if err := db.Init(folder); err != nil {
		return err
	}
	if err := write(wanted); err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	return metadata.NewClient(folder).Update(metadata.Metadata{
		Version:      db.SchemaVersion,
		UpdatedAt:    wanted.UpdatedAt,
		NextUpdate:   wanted.NextUpdate,
		DownloadedAt: wanted.DownloadedAt,
	})
}

// One put a transaction: the order of pages, and with it the bytes, depends on nothing else.
func write(wanted description) error {
	operation := db.Config{}
	identifiers := map[string]bool{}
	for _, name := range sorted(wanted.Sources) {
		if err := operation.BatchUpdate(func(tx *bolt.Tx) error {
			return operation.PutDataSource(tx, name, wanted.Sources[name])
		}); err != nil {
			return err
		}
	}
	for _, entry := range wanted.Advisories {
		if err := operation.BatchUpdate(func(tx *bolt.Tx) error {
			return operation.PutAdvisoryDetail(tx, entry.ID, entry.Package, []string{entry.Source}, &entry.Advisory)
		}); err != nil {
			return err
		}
		identifiers[entry.ID] = true
	}
	// What was put by identifier is looked up by source and package.
	for _, id := range sorted(identifiers) {
		if err := operation.BatchUpdate(func(tx *bolt.Tx) error {
			return operation.SaveAdvisoryDetails(tx, id)
		}); err != nil {
			return err
		}
	}
	if err := operation.DeleteAdvisoryDetailBucket(); err != nil {
		return err
	}
	for _, id := range sorted(wanted.Vulnerabilities) {
		if err := operation.BatchUpdate(func(tx *bolt.Tx) error {
			return operation.PutVulnerability(tx, id, wanted.Vulnerabilities[id])
		}); err != nil {
			return err
		}
	}
	return nil
}

func sorted[T any](values map[string]T) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
