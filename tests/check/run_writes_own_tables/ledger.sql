REPLACE INTO `Sluice_Ledger` VALUES (1)
