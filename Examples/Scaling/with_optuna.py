"""Optuna: with_optuna.py PROGRAM DATA"""

import sys
import tempfile

import optuna
import trials

program, data = sys.argv[1:3]


def objective(trial):
    rate = trial.suggest_float("learning_rate", 1e-3, 3e-2, log=True)
    with tempfile.TemporaryDirectory() as folder:
        best = float("inf")
        for event in trials.epochs(program, data, f"{folder}/trial", learning_rate=rate, epochs=4, hidden=16):
            if event["event"] == "end":
                trial.set_user_attr("modelHash", event["modelHash"])
                continue
            best = min(best, event["validationLoss"])
            trial.report(event["validationLoss"], event["epoch"])
            if trial.should_prune():
                raise optuna.TrialPruned()
        return best


optuna.logging.set_verbosity(optuna.logging.WARNING)
study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1), pruner=optuna.pruners.MedianPruner(n_startup_trials=2))
study.optimize(objective, n_trials=5)
states = [trial.state.name for trial in study.trials]
assert study.best_trial.user_attrs["modelHash"], "optuna: the best trial has no model"
print(f"optuna: best {study.best_value:.4f} at {study.best_params}; {states}")
