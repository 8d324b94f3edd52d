//! Drives cala-ledger, an embeddable ledger on PostgreSQL, as a service of its own would: clients that each post one
//! transaction after the other through the library.
//!
//! `peer prepare PEOPLE INSTITUTIONS`, `peer run PEOPLE INSTITUTIONS SECONDS CLIENTS BATCH PAID DRAWN` (in fen);
//! the address of the database comes as DATABASE_URL. A run ends with one line of JSON.

use std::time::{Duration, Instant};

use cala_ledger::{account::*, job::*, journal::*, posting::PostingInput, tx_template::*, *};
use sqlx::{postgres::PgPoolOptions, PgPool};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const JOURNAL: Uuid = Uuid::from_u128(1);
const FUND: Uuid = Uuid::from_u128(2);
const TEMPLATE: &str = "SETTLEMENT";
const ACCOUNTS_AT_A_TIME: u64 = 1_000;

fn institution(number: u64) -> Uuid {
    Uuid::from_u128((1 << 96) + u128::from(number))
}

fn person(number: u64) -> Uuid {
    Uuid::from_u128((2 << 96) + u128::from(number))
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| -> Outcome<u64> { Ok(words.get(at).ok_or("too few words")?.parse()?) };
    match words.first().map(String::as_str) {
        Some("prepare") => prepare(number(1)?, number(2)?).await,
        Some("run") => {
            let run = Run {
                people: number(1)?,
                institutions: number(2)?,
                seconds: number(3)?,
                batch: number(5)?,
                paid: number(6)? as i64,
                drawn: number(7)? as i64,
            };
            measure(run, number(4)?).await
        }
        _ => Err("prepare or run?".into()),
    }
}

async fn open(pool: PgPool, migrate: bool) -> Outcome<CalaLedger> {
    let config = CalaLedgerConfig::builder()
        .pool(pool.clone())
        .exec_migrations(migrate)
        .build();
    let config = config.map_err(|_| "a pool is given")?;
    let mut jobs = Jobs::init(JobSvcConfig::builder().pool(pool).build()?).await?;
    Ok(CalaLedger::init(config, &mut jobs).await?)
}

async fn connect(connections: u32) -> Outcome<PgPool> {
    let url = std::env::var("DATABASE_URL")?;
    Ok(PgPoolOptions::new()
        .min_connections(connections)
        .max_connections(connections)
        .connect(&url)
        .await?)
}

fn account(id: Uuid, name: &str) -> NewAccount {
    NewAccount::builder().id(id).name(name).code(name).build()
}

async fn prepare(people: u64, institutions: u64) -> Outcome<()> {
    let pool = connect(4).await?;
    let cala = open(pool, true).await?;
    let journal = NewJournal::builder()
        .id(JOURNAL)
        .name("settlements")
        .build();
    cala.journals().create(journal).await.map_err(told)?;
    cala.accounts()
        .create(account(FUND, "fund"))
        .await
        .map_err(told)?;
    let of = |count: u64, id: fn(u64) -> Uuid, name: &'static str| {
        (1..=count).map(move |n| account(id(n), &format!("{name}-{n}")))
    };
    let mut all = of(institutions, institution, "institution").chain(of(people, person, "person"));
    loop {
        let some: Vec<NewAccount> = all.by_ref().take(ACCOUNTS_AT_A_TIME as usize).collect();
        if some.is_empty() {
            break;
        }
        cala.accounts().create_all(some).await.map_err(told)?;
    }
    cala.tx_templates()
        .create(template()?)
        .await
        .map_err(told)?;
    Ok(())
}

fn told(error: impl std::fmt::Debug) -> String {
    format!("{error:?}")
}

/// One settlement: two transfers, four entries.
fn template() -> Outcome<NewTxTemplate> {
    let param = |name: &str, kind: ParamDataType| {
        NewParamDefinition::builder()
            .name(name)
            .r#type(kind)
            .build()
    };
    let entry = |kind: &str, account: &str, direction: &str, amount: &str| {
        NewTxTemplateEntry::builder()
            .entry_type(format!("'{kind}'"))
            .account_id(format!("params.{account}"))
            .layer("SETTLED")
            .direction(direction)
            .units(format!("params.{amount}"))
            .currency("'CNY'")
            .build()
    };
    Ok(NewTxTemplate::builder()
        .id(Uuid::from_u128(3))
        .code(TEMPLATE)
        .params(vec![
            param("journal", ParamDataType::Uuid)?,
            param("fund", ParamDataType::Uuid)?,
            param("person", ParamDataType::Uuid)?,
            param("institution", ParamDataType::Uuid)?,
            param("paid", ParamDataType::Decimal)?,
            param("drawn", ParamDataType::Decimal)?,
        ])
        .transaction(
            NewTxTemplateTransaction::builder()
                .effective("date()")
                .journal_id("params.journal")
                .build()?,
        )
        .entries(vec![
            entry("FUND_DR", "fund", "DEBIT", "paid")?,
            entry("FUND_CR", "institution", "CREDIT", "paid")?,
            entry("ACCOUNT_DR", "person", "DEBIT", "drawn")?,
            entry("ACCOUNT_CR", "institution", "CREDIT", "drawn")?,
        ])
        .build())
}

#[derive(Clone)]
struct Run {
    people: u64,
    institutions: u64,
    seconds: u64,
    /// Requests posted in one database transaction.
    batch: u64,
    /// What the fund pays, and what is drawn from the person's account.
    paid: i64,
    drawn: i64,
}

impl Run {
    fn posting(&self, random: &mut Random) -> PostingInput {
        let mut params = Params::new();
        params.insert("journal", JOURNAL);
        params.insert("fund", FUND);
        params.insert("person", person(random.up_to(self.people)));
        params.insert("institution", institution(random.up_to(self.institutions)));
        params.insert("paid", rust_decimal::Decimal::new(self.paid, 2));
        params.insert("drawn", rust_decimal::Decimal::new(self.drawn, 2));
        PostingInput::new(TransactionId::new(), TEMPLATE, params)
    }
}

struct Random(u64);

impl Random {
    /// From one to a number (splitmix64).
    fn up_to(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        1 + (mixed ^ (mixed >> 31)) % most
    }
}

async fn measure(run: Run, clients: u64) -> Outcome<()> {
    let cala = open(connect(clients as u32).await?, false).await?;
    let begun = Instant::now();
    let until = begun + Duration::from_secs(run.seconds);
    let posting = (0..clients).map(|client| {
        let (cala, run) = (cala.clone(), run.clone());
        tokio::spawn(async move {
            let mut random = Random(client << 32);
            let (mut took, mut failed, mut why) = (Vec::new(), 0u64, String::new());
            while Instant::now() < until {
                let batch: Vec<_> = (0..run.batch).map(|_| run.posting(&mut random)).collect();
                let asked = Instant::now();
                match cala.post_transactions(batch).await {
                    Ok(_) => took.push(asked.elapsed().as_secs_f64() * 1_000.0),
                    Err(error) => {
                        failed += 1;
                        why = told(error);
                    }
                }
            }
            (took, failed, why)
        })
    });
    let (mut took, mut failed) = (Vec::new(), 0);
    for client in posting.collect::<Vec<_>>() {
        let (times, more, why) = client.await?;
        took.extend(times);
        failed += more;
        if more > 0 {
            eprintln!("{why}");
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    took.sort_by(f64::total_cmp);
    let share = |part: f64| {
        took.get((part * took.len() as f64) as usize)
            .copied()
            .unwrap_or(0.0)
    };
    let transactions = took.len() as u64 * run.batch;
    println!(
        "{{\"transactions\":{transactions},\"perSecond\":{:.1},\"p50_ms\":{:.3},\"p99_ms\":{:.3},\"failed\":{failed}}}",
        transactions as f64 / seconds,
        share(0.5),
        share(0.99)
    );
    Ok(())
}
